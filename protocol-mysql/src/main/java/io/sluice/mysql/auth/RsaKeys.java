package io.sluice.mysql.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The RSA key pair with which clients encrypt their password when there is no TLS: OAEP with SHA-1,
 * as clients do. Thread-safe.
 */
public final class RsaKeys {

  /** The file in the data directory; mode 0600. */
  public static final String FILE = "rsa-private-key.pem";

  private static final Logger LOGGER = LoggerFactory.getLogger(RsaKeys.class);
  private static final String TRANSFORMATION = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";
  private static final int BITS = 2048;
  private static final int MIN_BITS = 1024;
  private static final int MAX_BITS = 8192;
  private static final int MAX_PEM = 16 * 1024;
  private static final int BYTE = 8;

  private final PrivateKey privateKey;
  private final byte[] publicPem;
  private final int modulusBytes;

  private RsaKeys(RSAPrivateCrtKey privateKey) throws GeneralSecurityException {
    this.privateKey = privateKey;
    PublicKey publicKey =
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
    this.publicPem = pem("PUBLIC KEY", publicKey.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    this.modulusBytes = (privateKey.getModulus().bitLength() + BYTE - 1) / BYTE;
  }

  /** A new pair that is not kept. Takes a moment: not for event loops. */
  public static RsaKeys generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new RsaKeys((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }

  /**
   * The pair kept in that directory, made at the first call. A file that cannot be read is replaced
   * with a warning. Blocks: not for event loops.
   *
   * @throws UncheckedIOException if a new pair cannot be written
   */
  public static RsaKeys loadOrCreate(Path directory) {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      try {
        byte[] der = decodePem(Files.readString(file, StandardCharsets.US_ASCII));
        return new RsaKeys(
            (RSAPrivateCrtKey)
                KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der)));
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        LOGGER
            .atWarn()
            .addKeyValue("file", file)
            .addKeyValue("cause", e.getClass().getSimpleName())
            .log("RSA key file cannot be read, making a new one");
      }
    }
    RsaKeys keys = generate();
    try {
      PrivateFile.write(
          file,
          pem("PRIVATE KEY", keys.privateKey.getEncoded()).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("RSA key file cannot be written: " + file, e);
    }
    LOGGER.atInfo().addKeyValue("file", file).log("made an RSA key pair for password exchange");
    return keys;
  }

  /** The public key as clients expect it. Not to be changed. */
  byte[] publicPem() {
    return publicPem;
  }

  /** How long an encrypted password is. */
  int modulusBytes() {
    return modulusBytes;
  }

  /** Decrypts. Takes a few milliseconds: not for event loops. */
  byte[] decrypt(byte[] encrypted) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(Cipher.DECRYPT_MODE, privateKey);
    return cipher.doFinal(encrypted);
  }

  static byte[] encrypt(PublicKey key, byte[] text) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(Cipher.ENCRYPT_MODE, key);
    return cipher.doFinal(text);
  }

  /** Reads a key that a server sent; refuses sizes that are unsafe or costly. */
  static PublicKey parsePublicKey(byte[] pem) throws GeneralSecurityException {
    if (pem.length > MAX_PEM) {
      throw new IllegalArgumentException("public key: " + pem.length + " bytes");
    }
    byte[] der = decodePem(new String(pem, StandardCharsets.ISO_8859_1));
    PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    int bits = ((RSAPublicKey) key).getModulus().bitLength();
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new IllegalArgumentException("public key: " + bits + " bits");
    }
    return key;
  }

  private static byte[] decodePem(String text) {
    int begin = text.indexOf("-----BEGIN ");
    int bodyStart = text.indexOf('\n', Math.max(begin, 0));
    int bodyEnd = text.indexOf("-----END ");
    if (begin < 0 || bodyStart < 0 || bodyEnd < bodyStart) {
      throw new IllegalArgumentException("PEM: no key inside");
    }
    return Base64.getMimeDecoder().decode(text.substring(bodyStart, bodyEnd));
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}

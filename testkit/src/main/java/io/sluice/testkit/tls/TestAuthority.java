package io.sluice.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/** A certificate authority of a test; it issues RSA keys, which every client reads. Immutable. */
public final class TestAuthority {

  /** A certificate with its key, both in PEM. */
  public record Issued(String certificatePem, String keyPem) {

    /** Writes both below a directory, as {@code NAME-cert.pem} and {@code NAME-key.pem}. */
    public void write(Path directory, String name) throws IOException {
      Files.writeString(directory.resolve(name + "-cert.pem"), certificatePem);
      Files.writeString(directory.resolve(name + "-key.pem"), keyPem);
    }
  }

  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 2;
  private static final int BIT_STRING = 3;
  private static final int OCTET_STRING = 4;
  private static final int OBJECT_ID = 6;
  private static final int TIME = 0x18;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int IP_NAME = 0x87;
  private static final byte[] SHA256_WITH_ECDSA = {
    0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2
  };
  private static final byte[] BASIC_CONSTRAINTS = {0x55, 0x1d, 0x13};
  private static final byte[] ALTERNATIVE_NAMES = {0x55, 0x1d, 0x11};
  private static final byte[] IS_AUTHORITY = {SEQUENCE, 3, 1, 1, (byte) 0xff};
  private static final byte[] CRITICAL = {1, 1, (byte) 0xff};
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final X500Principal name;
  private final KeyPair keys;
  private final String pem;

  private TestAuthority(X500Principal name, KeyPair keys, String pem) {
    this.name = name;
    this.keys = keys;
    this.pem = pem;
  }

  /** A new one with that common name. */
  public static TestAuthority make(String commonName) {
    X500Principal name = new X500Principal("CN=" + commonName);
    KeyPair keys = newKeys("EC", 256);
    byte[] constraint =
        der(SEQUENCE, der(OBJECT_ID, BASIC_CONSTRAINTS), CRITICAL, der(OCTET_STRING, IS_AUTHORITY));
    byte[] certificate = certificate(name, keys, name, keys.getPublic(), List.of(constraint));
    return new TestAuthority(name, keys, pem("CERTIFICATE", certificate));
  }

  /** Its certificate. */
  public String pem() {
    return pem;
  }

  /** A certificate for a subject such as {@code CN=app,O=Sluice}; valid for 127.0.0.1. */
  public Issued issue(String subject) {
    KeyPair own = newKeys("RSA", 2048);
    byte[] address = InetAddress.getLoopbackAddress().getAddress();
    byte[] names =
        der(
            SEQUENCE,
            der(OBJECT_ID, ALTERNATIVE_NAMES),
            der(OCTET_STRING, der(SEQUENCE, der(IP_NAME, address))));
    byte[] certificate =
        certificate(name, keys, new X500Principal(subject), own.getPublic(), List.of(names));
    return new Issued(
        pem("CERTIFICATE", certificate), pem("PRIVATE KEY", own.getPrivate().getEncoded()));
  }

  private static KeyPair newKeys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA and EC", e);
    }
  }

  private static byte[] certificate(
      X500Principal issuer,
      KeyPair signer,
      X500Principal subject,
      PublicKey key,
      List<byte[]> extensions) {
    Instant now = Instant.now();
    byte[] algorithm = der(SEQUENCE, der(OBJECT_ID, SHA256_WITH_ECDSA));
    byte[] body =
        der(
            SEQUENCE,
            der(VERSION, der(INTEGER, new byte[] {2})),
            der(INTEGER, new BigInteger(120, new SecureRandom()).setBit(0).toByteArray()),
            algorithm,
            issuer.getEncoded(),
            der(SEQUENCE, time(now.minus(1, ChronoUnit.DAYS)), time(now.plus(30, ChronoUnit.DAYS))),
            subject.getEncoded(),
            key.getEncoded(),
            der(EXTENSIONS, der(SEQUENCE, extensions.toArray(new byte[0][]))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(signer.getPrivate());
      signature.update(body);
      return der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[] {0}, signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA", e);
    }
  }

  private static byte[] time(Instant at) {
    return der(TIME, FORMAT.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >>> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
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

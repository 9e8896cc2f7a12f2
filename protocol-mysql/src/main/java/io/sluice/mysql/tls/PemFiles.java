package io.sluice.mysql.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in PEM, and checks that they belong together. */
public final class PemFiles {

  /** A private key and the chain of its certificate. */
  public record Pair(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the list. */
    public Pair {
      chain = List.copyOf(chain);
    }
  }

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]+)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final byte[] CHALLENGE =
      "do these belong together?".getBytes(StandardCharsets.US_ASCII);

  // SEQUENCE { INTEGER 0, SEQUENCE { OID rsaEncryption, NULL }, OCTET STRING { PKCS#1 } } around it
  private static final byte[] RSA_HEAD = {
    2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  private PemFiles() {}

  /**
   * All certificates of a file.
   *
   * @throws CertificateException if there is none, or something else
   */
  public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
    List<X509Certificate> found = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      if (certificate instanceof X509Certificate one) {
        found.add(one);
      }
    }
    if (found.isEmpty()) {
      throw new CertificateException("no certificate (expected: PEM)");
    }
    return found;
  }

  /**
   * A certificate chain with the key of its first certificate.
   *
   * @throws GeneralSecurityException if one cannot be read or they do not belong together
   */
  public static Pair pair(byte[] certificatePem, byte[] keyPem) throws GeneralSecurityException {
    List<X509Certificate> chain = certificates(certificatePem);
    PrivateKey key = privateKey(keyPem);
    Signature signer = Signature.getInstance(signatureOf(key));
    signer.initSign(key);
    signer.update(CHALLENGE);
    byte[] signed = signer.sign();
    boolean together;
    try {
      Signature checker = Signature.getInstance(signatureOf(key));
      checker.initVerify(chain.get(0).getPublicKey());
      checker.update(CHALLENGE);
      together = checker.verify(signed);
    } catch (InvalidKeyException e) {
      together = false;
    }
    if (!together) {
      throw new InvalidKeyException("the key is not the certificate's (expected: a pair)");
    }
    return new Pair(key, chain);
  }

  private static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
    Matcher block = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
    if (!block.find()) {
      throw new InvalidKeySpecException("no private key (expected: PEM)");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("the private key is not in Base64 (expected: PEM)", e);
    }
    return switch (block.group(1)) {
      case "PRIVATE KEY" -> pkcs8(der);
      case "RSA PRIVATE KEY" -> pkcs8(wrapped(der));
      default ->
          throw new InvalidKeySpecException(
              block.group(1)
                  + " (expected: PRIVATE KEY in PKCS#8 without a password, as openssl pkcs8 -topk8"
                  + " -nocrypt makes it)");
    };
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    InvalidKeySpecException refused =
        new InvalidKeySpecException("private key (expected: one of " + ALGORITHMS + ")");
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        refused.addSuppressed(e);
      }
    }
    throw refused;
  }

  private static byte[] wrapped(byte[] rsa) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(RSA_HEAD);
    writeValue(body, 4, rsa);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeValue(out, 0x30, body.toByteArray());
    return out.toByteArray();
  }

  private static void writeValue(ByteArrayOutputStream out, int tag, byte[] value) {
    out.write(tag);
    if (value.length < 0x80) {
      out.write(value.length);
    } else {
      out.write(0x82);
      out.write(value.length >>> 8);
      out.write(value.length);
    }
    out.writeBytes(value);
  }
}

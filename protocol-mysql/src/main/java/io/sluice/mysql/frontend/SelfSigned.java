package io.sluice.mysql.frontend;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;

/**
 * Makes a self-signed X.509 certificate with what the JDK has: a key pair, a signature, and the few
 * lines of DER that tie them together (RFC 5280; version 3, RSA 2048, SHA-256).
 */
final class SelfSigned {

  private static final int BITS = 2048;
  private static final int SERIAL_BITS = 128;
  private static final int YEARS = 10;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int NULL = 0x05;
  private static final int OBJECT_ID = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int VERSION_TAG = 0xa0;
  private static final byte[] SHA256_WITH_RSA = {
    0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 11
  };
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final String certificatePem;
  private final String keyPem;

  private SelfSigned(String certificatePem, String keyPem) {
    this.certificatePem = certificatePem;
    this.keyPem = keyPem;
  }

  /** The certificate. */
  String certificatePem() {
    return certificatePem;
  }

  /** Its private key, PKCS#8. */
  String keyPem() {
    return keyPem;
  }

  /**
   * A new one. Takes a moment: not for event loops.
   *
   * @param name the common name, for issuer and subject
   * @param now begins a day earlier, for clocks that are behind
   */
  static SelfSigned make(String name, Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      KeyPair pair = generator.generateKeyPair();
      byte[] body = body(name, now, pair.getPublic().getEncoded());
      Signature signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(pair.getPrivate());
      signer.update(body);
      byte[] certificate = der(SEQUENCE, body, algorithm(), bits(signer.sign()));
      return new SelfSigned(
          pem("CERTIFICATE", certificate), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }

  private static byte[] body(String name, Instant now, byte[] publicKeyInfo) {
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0);
    byte[] distinguishedName =
        der(
            SEQUENCE,
            der(
                SET,
                der(
                    SEQUENCE,
                    der(OBJECT_ID, COMMON_NAME),
                    der(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)))));
    Instant from = now.minus(1, ChronoUnit.DAYS);
    Instant until = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
    return der(
        SEQUENCE,
        der(VERSION_TAG, der(INTEGER, new byte[] {2})),
        der(INTEGER, serial.toByteArray()),
        algorithm(),
        distinguishedName,
        der(SEQUENCE, time(from), time(until)),
        distinguishedName,
        publicKeyInfo);
  }

  private static byte[] algorithm() {
    return der(SEQUENCE, der(OBJECT_ID, SHA256_WITH_RSA), der(NULL));
  }

  private static byte[] time(Instant instant) {
    return der(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bits(byte[] content) {
    return der(BIT_STRING, new byte[] {0}, content);
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length <= 0xff) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >>> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
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

package io.sluice.mysql.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells a client in the info field of the OK that ends a login over TLS: that whoever
 * holds the certificate also knows what the account keeps of the password. Clients of MariaDB 11.4
 * and later accept a certificate that nobody vouches for when this fits it.
 *
 * <p>The text is the byte 01 and the SHA-256 of password hash, nonce and certificate fingerprint in
 * upper case hexadecimal digits. The hash is what the method stores in binary form (20 bytes of
 * SHA1(SHA1(password)) for the native one), the nonce has 20 bytes, the fingerprint is the SHA-256
 * of the certificate in DER. An empty password proves nothing. Checked against MariaDB 11.4 and
 * 11.8. Stateless.
 */
public final class CertificateProof {

  private static final char MARK = 1;

  private CertificateProof() {}

  /** The fingerprint of a certificate in DER. */
  public static byte[] fingerprint(byte[] certificate) {
    return Scramble.sha256(certificate);
  }

  /** The info field that proves it. */
  public static String of(byte[] passwordHash, byte[] nonce, byte[] fingerprint) {
    return MARK
        + HexFormat.of()
            .withUpperCase()
            .formatHex(Scramble.sha256(passwordHash, Scramble.trimNonce(nonce), fingerprint));
  }

  /** Whether an info field is meant as a proof, right or wrong. */
  public static boolean isOne(String info) {
    return !info.isEmpty() && info.charAt(0) == MARK;
  }

  /** Whether an info field proves that certificate; never without a hash. */
  public static boolean holds(
      String info, byte @Nullable [] passwordHash, byte[] nonce, byte[] fingerprint) {
    return passwordHash != null
        && MessageDigest.isEqual(
            info.getBytes(StandardCharsets.UTF_8),
            of(passwordHash, nonce, fingerprint).getBytes(StandardCharsets.UTF_8));
  }
}

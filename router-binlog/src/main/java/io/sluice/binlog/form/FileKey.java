package io.sluice.binlog.form;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one file: HMAC-SHA-256 under a key of the ring over what the file is for and its salt.
 * Immutable.
 */
final class FileKey {
  static final String MAC = "HmacSHA256";
  private static final String CIPHER = "AES";

  private final SecretKeySpec secret;

  private FileKey(SecretKeySpec secret) {
    this.secret = secret;
  }

  /**
   * Makes the key of a file.
   *
   * @param purpose what it is for: keys of different purposes have nothing to do with each other
   */
  static FileKey derive(SecretKeySpec master, String purpose, byte[] salt) {
    byte[] context = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] input = Arrays.copyOf(context, context.length + 1 + salt.length);
    System.arraycopy(salt, 0, input, context.length + 1, salt.length);
    return new FileKey(new SecretKeySpec(mac(master, input, input.length), CIPHER));
  }

  private static byte[] mac(SecretKeySpec key, byte[] input, int length) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      mac.update(input, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is missing (expected: every Java has it)", e);
    }
  }

  /** For the cipher. */
  SecretKeySpec secret() {
    return secret;
  }

  /** Authenticates the beginning of a header. */
  byte[] check(byte[] header, int length) {
    return mac(new SecretKeySpec(secret.getEncoded(), MAC), header, length);
  }
}

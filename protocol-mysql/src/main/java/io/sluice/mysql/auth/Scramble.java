package io.sluice.mysql.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of challenge and response. Stateless; compares in constant time.
 *
 * <p>Mind the order: the native method hashes the nonce first, the SHA-2 method hashes it last.
 */
public final class Scramble {

  /** Bytes of a nonce, without the zero byte that follows it on the wire. */
  public static final int NONCE_LENGTH = 20;

  /** Bytes of a native response. */
  public static final int NATIVE_LENGTH = 20;

  /** Bytes of a SHA-2 response. */
  public static final int SHA2_LENGTH = 32;

  private static final int SEVEN_BITS = 127;

  private Scramble() {}

  /** A fresh nonce: no zero byte and no dollar sign, seven bits, as servers make it. */
  public static byte[] newNonce(SecureRandom random) {
    byte[] nonce = new byte[NONCE_LENGTH];
    for (int i = 0; i < nonce.length; i++) {
      int value;
      do {
        value = random.nextInt(SEVEN_BITS) + 1;
      } while (value == '$');
      nonce[i] = (byte) value;
    }
    return nonce;
  }

  /** A nonce as it came: cut to its length, so without a trailing zero. */
  public static byte[] trimNonce(byte[] fromWire) {
    return fromWire.length > NONCE_LENGTH ? Arrays.copyOf(fromWire, NONCE_LENGTH) : fromWire;
  }

  /** The bytes of a password as it is hashed. */
  public static byte[] passwordBytes(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }

  /** SHA-1 over the concatenation. */
  public static byte[] sha1(byte[]... parts) {
    return digest("SHA-1", parts);
  }

  /** SHA-256 over the concatenation. */
  public static byte[] sha256(byte[]... parts) {
    return digest("SHA-256", parts);
  }

  /** The native response, from SHA1(password). */
  public static byte[] nativeResponse(byte[] passwordSha1, byte[] nonce) {
    return xor(passwordSha1, sha1(nonce, sha1(passwordSha1)));
  }

  /** The SHA-2 fast response, from SHA256(password). */
  public static byte[] sha2Response(byte[] passwordSha256, byte[] nonce) {
    return xor(passwordSha256, sha256(sha256(passwordSha256), nonce));
  }

  /**
   * Checks a native response.
   *
   * @param stored SHA1(SHA1(password))
   * @return SHA1(password), or null when the response does not fit
   */
  public static byte @Nullable [] recoverSha1(byte[] response, byte[] nonce, byte[] stored) {
    if (response.length != NATIVE_LENGTH) {
      return null;
    }
    byte[] candidate = xor(response, sha1(nonce, stored));
    return MessageDigest.isEqual(sha1(candidate), stored) ? candidate : null;
  }

  /**
   * Checks a SHA-2 fast response.
   *
   * @param stored SHA256(SHA256(password))
   * @return SHA256(password), or null when the response does not fit
   */
  public static byte @Nullable [] recoverSha256(byte[] response, byte[] nonce, byte[] stored) {
    if (response.length != SHA2_LENGTH) {
      return null;
    }
    byte[] candidate = xor(response, sha256(stored, nonce));
    return MessageDigest.isEqual(sha256(candidate), stored) ? candidate : null;
  }

  /** The password with its zero byte, mixed with the nonce repeated; its own inverse. */
  static byte[] mixWithNonce(byte[] text, byte[] nonce) {
    byte[] mixed = new byte[text.length];
    for (int i = 0; i < text.length; i++) {
      mixed[i] = (byte) (text[i] ^ nonce[i % nonce.length]);
    }
    return mixed;
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] result = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = (byte) (a[i] ^ b[i]);
    }
    return result;
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}

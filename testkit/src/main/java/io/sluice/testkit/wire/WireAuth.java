package io.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;

/**
 * Client answers of the two common password methods. The native one hashes the nonce first, the
 * SHA-2 one last (Connector/J's {@code Security} class and captured logins agree).
 */
public final class WireAuth {
  public static final String NATIVE = "mysql_native_password";
  public static final String CACHING_SHA2 = "caching_sha2_password";

  private WireAuth() {}

  /** The answer of the plugin; empty for an empty password. */
  public static byte[] answer(String plugin, String password, byte[] nonce) {
    return switch (plugin) {
      case NATIVE -> nativePassword(password, nonce);
      case CACHING_SHA2 -> cachingSha2(password, nonce);
      default ->
          throw new IllegalArgumentException(
              "plugin: " + plugin + " (expected: " + NATIVE + " or " + CACHING_SHA2 + ")");
    };
  }

  /** SHA1(p) xor SHA1(nonce, SHA1(SHA1(p))). */
  public static byte[] nativePassword(String password, byte[] nonce) {
    if (password.isEmpty()) {
      return new byte[0];
    }
    byte[] stage1 = hash("SHA-1", password.getBytes(StandardCharsets.UTF_8));
    return xor(stage1, hash("SHA-1", nonce, hash("SHA-1", stage1)));
  }

  /** SHA256(p) xor SHA256(SHA256(SHA256(p)), nonce). */
  public static byte[] cachingSha2(String password, byte[] nonce) {
    if (password.isEmpty()) {
      return new byte[0];
    }
    byte[] stage1 = hash("SHA-256", password.getBytes(StandardCharsets.UTF_8));
    return xor(stage1, hash("SHA-256", hash("SHA-256", stage1), nonce));
  }

  /** The full path without TLS: the password with its NUL, xor nonce, encrypted with RSA-OAEP. */
  static byte[] rsaPassword(String password, byte[] nonce, String pem) {
    byte[] clear = (password + "\0").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < clear.length; i++) {
      clear[i] = (byte) (clear[i] ^ nonce[i % nonce.length]);
    }
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      PublicKey key =
          KeyFactory.getInstance("RSA")
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, key);
      return cipher.doFinal(clear);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a usable public key: " + pem, e);
    }
  }

  private static byte[] hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has " + algorithm, e);
    }
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] result = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = (byte) (a[i] ^ b[i]);
    }
    return result;
  }
}

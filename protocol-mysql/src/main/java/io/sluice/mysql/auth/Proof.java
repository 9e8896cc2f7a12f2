package io.sluice.mysql.auth;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a password: all of it, or only a hash that some methods can log in with.
 * Immutable, never printed. The arrays it hands out inside this package are not copied: nobody
 * changes them.
 */
public final class Proof {

  private final byte @Nullable [] password;
  private final byte @Nullable [] sha1;
  private final byte @Nullable [] sha256;

  private Proof(byte @Nullable [] password, byte @Nullable [] sha1, byte @Nullable [] sha256) {
    this.password = password;
    this.sha1 = sha1;
    this.sha256 = sha256;
  }

  /** The password itself; empty for an account without one. */
  public static Proof ofPassword(byte[] password) {
    byte[] copy = password.clone();
    return new Proof(copy, Scramble.sha1(copy), Scramble.sha256(copy));
  }

  /** The password itself. */
  public static Proof ofPassword(String password) {
    return ofPassword(Scramble.passwordBytes(password));
  }

  /** SHA1(password), as the native method reveals it. */
  public static Proof ofSha1(byte[] sha1) {
    return new Proof(null, sha1.clone(), null);
  }

  /** SHA256(password), as the fast path of the SHA-2 method reveals it. */
  public static Proof ofSha256(byte[] sha256) {
    return new Proof(null, null, sha256.clone());
  }

  /** Nothing that could be used at another server, as signatures reveal. */
  public static Proof ofNothing() {
    return new Proof(null, null, null);
  }

  /** Whether a login with that method can at least be begun with it. */
  public boolean fits(AuthPlugin plugin) {
    return switch (plugin) {
      case NATIVE_PASSWORD -> sha1 != null;
      case CACHING_SHA2_PASSWORD -> sha256 != null;
      case SHA256_PASSWORD, ED25519, PARSEC, CLEAR_PASSWORD -> password != null;
    };
  }

  /** Whether nothing is known that could open a server. */
  boolean isNothing() {
    return password == null && sha1 == null && sha256 == null;
  }

  /** Whether it is known that the password is empty. */
  public boolean isEmptyPassword() {
    return password != null && password.length == 0;
  }

  byte @Nullable [] password() {
    return password;
  }

  byte @Nullable [] sha1() {
    return sha1;
  }

  byte @Nullable [] sha256() {
    return sha256;
  }

  @Override
  public String toString() {
    if (password != null) {
      return "Proof[password]";
    }
    return sha1 != null ? "Proof[sha1]" : sha256 != null ? "Proof[sha256]" : "Proof[nothing]";
  }
}

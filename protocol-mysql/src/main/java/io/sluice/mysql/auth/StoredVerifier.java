package io.sluice.mysql.auth;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an account checks passwords: the method and what it keeps of the password. Immutable; never
 * prints the kept text.
 *
 * @param plugin the method
 * @param text the account's authentication string; empty for an empty password
 */
public record StoredVerifier(AuthPlugin plugin, String text) {

  private static final int NATIVE_TEXT_LENGTH = 41;
  private static final String DEFAULT_ROUNDS = "005";
  private static final int ROUNDS = 5000;

  /** Checks that nothing is missing. */
  public StoredVerifier {
    requireNonNull(plugin, "plugin");
    requireNonNull(text, "text");
  }

  /** The verifier that a server would make of a password. Takes milliseconds. */
  public static StoredVerifier ofPassword(AuthPlugin plugin, String password, SecureRandom random) {
    byte[] bytes = Scramble.passwordBytes(password);
    if (bytes.length == 0) {
      return new StoredVerifier(plugin, "");
    }
    return switch (plugin) {
      case NATIVE_PASSWORD ->
          new StoredVerifier(
              plugin,
              "*" + HexFormat.of().withUpperCase().formatHex(Scramble.sha1(Scramble.sha1(bytes))));
      case CACHING_SHA2_PASSWORD -> {
        byte[] salt = Scramble.newNonce(random);
        yield new StoredVerifier(
            plugin,
            "$A$"
                + DEFAULT_ROUNDS
                + "$"
                + new String(salt, StandardCharsets.ISO_8859_1)
                + new String(Sha256Crypt.hash(bytes, salt, ROUNDS), StandardCharsets.ISO_8859_1));
      }
    };
  }

  /** Whether it is of the form that its method can check; one that is not lets nobody in. */
  public boolean isWellFormed() {
    if (text.isEmpty()) {
      return true;
    }
    try {
      return switch (plugin) {
        case NATIVE_PASSWORD -> doubleSha1() != null;
        case CACHING_SHA2_PASSWORD -> Sha256Crypt.Stored.parse(text).rounds() > 0;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean isEmptyPassword() {
    return text.isEmpty();
  }

  /** SHA1(SHA1(password)), or null for a text that no password fits, such as {@code invalid}. */
  byte @Nullable [] doubleSha1() {
    if (text.length() != NATIVE_TEXT_LENGTH || text.charAt(0) != '*') {
      return null;
    }
    try {
      return HexFormat.of().parseHex(text.substring(1).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Checks a clear password against it. Takes milliseconds: not for event loops. */
  boolean accepts(byte[] password) {
    if (text.isEmpty() || password.length == 0) {
      return text.isEmpty() && password.length == 0;
    }
    return switch (plugin) {
      case NATIVE_PASSWORD -> {
        byte @Nullable [] stored = doubleSha1();
        yield stored != null
            && MessageDigest.isEqual(stored, Scramble.sha1(Scramble.sha1(password)));
      }
      case CACHING_SHA2_PASSWORD -> acceptsSha2(password);
    };
  }

  private boolean acceptsSha2(byte[] password) {
    try {
      return Sha256Crypt.Stored.parse(text).accepts(password);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "StoredVerifier[" + plugin.wireName() + (text.isEmpty() ? ", empty" : "") + "]";
  }
}

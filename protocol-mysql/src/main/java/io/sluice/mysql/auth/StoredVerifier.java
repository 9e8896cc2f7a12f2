package io.sluice.mysql.auth;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an account checks passwords: the method and what it keeps of the password. Immutable; never
 * prints the kept text.
 *
 * @param plugin the method
 * @param text the account's authentication string; empty for an empty password
 * @param additional the same of the password before, while MySQL still takes both; else empty
 */
public record StoredVerifier(AuthPlugin plugin, String text, String additional) {

  private static final int NATIVE_TEXT_LENGTH = 41;
  private static final String CACHED = "$A$005$";
  private static final String CRYPT = "$5$";

  /** No digest ends like this: its last character stands for four bits. */
  private static final String NO_DIGEST = "z".repeat(43);

  private static final int ROUNDS = 5000;

  /** The key of a password that nobody knows. */
  private static final class Nobody {
    static final byte[] KEY = Ed25519.publicKey(Scramble.newNonce(new SecureRandom()));
  }

  /** Checks that nothing is missing. */
  public StoredVerifier {
    requireNonNull(plugin, "plugin");
    requireNonNull(text, "text");
    requireNonNull(additional, "additional");
  }

  /** With one password. */
  public StoredVerifier(AuthPlugin plugin, String text) {
    this(plugin, text, "");
  }

  /** One for each password. */
  List<StoredVerifier> each() {
    return additional.isEmpty()
        ? List.of(this)
        : List.of(new StoredVerifier(plugin, text), new StoredVerifier(plugin, additional));
  }

  /** One of the right form that no password fits, for users that do not exist. */
  public static StoredVerifier ofNobody(AuthPlugin plugin, SecureRandom random) {
    return switch (plugin) {
      case NATIVE_PASSWORD -> new StoredVerifier(plugin, "*" + "0".repeat(40));
      case CACHING_SHA2_PASSWORD -> new StoredVerifier(plugin, CACHED + salt(random) + NO_DIGEST);
      case SHA256_PASSWORD -> new StoredVerifier(plugin, CRYPT + salt(random) + "$" + NO_DIGEST);
      case ED25519 -> new StoredVerifier(plugin, base64(Nobody.KEY));
      case PARSEC -> ofNobody(ParsecKey.ofPassword(new byte[1], random));
      case CLEAR_PASSWORD -> new StoredVerifier(plugin, CACHED + salt(random) + NO_DIGEST);
    };
  }

  private static StoredVerifier ofNobody(ParsecKey other) {
    return new StoredVerifier(AuthPlugin.PARSEC, other.withKey(Nobody.KEY).text());
  }

  /** One that asks clients for the same, and that no password fits. Fast. */
  public StoredVerifier decoy(SecureRandom random) {
    @Nullable ParsecKey key = plugin == AuthPlugin.PARSEC ? parsecKey() : null;
    return key == null ? ofNobody(plugin, random) : ofNobody(key);
  }

  /**
   * One that fits the same password, but asks for the password itself. Only of a text that its
   * method can check: any other would be taken for what another method keeps, or for an empty
   * password. Methods that sign have no second one.
   *
   * @throws IllegalStateException for a text of another form
   */
  public StoredVerifier askingForPassword() {
    if (!isWellFormed()) {
      throw new IllegalStateException(
          "verifier: of another form (expected: of " + plugin.wireName() + ")");
    }
    return new StoredVerifier(AuthPlugin.CLEAR_PASSWORD, text, plugin.signs() ? "" : additional);
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().withoutPadding().encodeToString(key);
  }

  private static String salt(SecureRandom random) {
    return new String(Scramble.newNonce(random), StandardCharsets.US_ASCII);
  }

  /** The verifier that a server would make of a password. Takes milliseconds. */
  public static StoredVerifier ofPassword(AuthPlugin plugin, String password, SecureRandom random) {
    byte[] bytes = Scramble.passwordBytes(password);
    if (plugin == AuthPlugin.ED25519) {
      return new StoredVerifier(plugin, base64(Ed25519.publicKey(bytes)));
    }
    if (plugin == AuthPlugin.PARSEC) {
      return new StoredVerifier(plugin, ParsecKey.ofPassword(bytes, random).text());
    }
    if (bytes.length == 0) {
      return new StoredVerifier(plugin, "");
    }
    if (plugin == AuthPlugin.NATIVE_PASSWORD) {
      return new StoredVerifier(
          plugin,
          "*" + HexFormat.of().withUpperCase().formatHex(Scramble.sha1(Scramble.sha1(bytes))));
    }
    String salt = salt(random);
    String digest =
        new String(
            Sha256Crypt.hash(bytes, salt.getBytes(StandardCharsets.US_ASCII), ROUNDS),
            StandardCharsets.US_ASCII);
    return new StoredVerifier(
        plugin,
        plugin == AuthPlugin.SHA256_PASSWORD
            ? CRYPT + salt + "$" + digest
            : CACHED + salt + digest);
  }

  /** Whether it is of the form that its method can check; one that is not lets nobody in. */
  public boolean isWellFormed() {
    if (text.isEmpty()) {
      return !plugin.signs();
    }
    try {
      return switch (form()) {
        case NATIVE_PASSWORD -> doubleSha1() != null;
        case CACHING_SHA2_PASSWORD, SHA256_PASSWORD -> parsed().rounds() > 0;
        case ED25519 -> publicKey() != null;
        case PARSEC -> parsecKey() != null;
        case CLEAR_PASSWORD -> false;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The method whose text it is: the plugin, but for the one that has no form of its own. */
  private AuthPlugin form() {
    if (plugin != AuthPlugin.CLEAR_PASSWORD) {
      return plugin;
    }
    if (text.startsWith("*")) {
      return AuthPlugin.NATIVE_PASSWORD;
    }
    if (text.startsWith("$")) {
      return text.startsWith(CRYPT) ? AuthPlugin.SHA256_PASSWORD : AuthPlugin.CACHING_SHA2_PASSWORD;
    }
    return text.indexOf(':') < 0 ? AuthPlugin.ED25519 : AuthPlugin.PARSEC;
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

  /** Checks a clear password against the first text. Takes milliseconds: not for event loops. */
  boolean accepts(byte[] password) {
    AuthPlugin form = form();
    if (text.isEmpty() || (password.length == 0 && !form.signs())) {
      return text.isEmpty() && password.length == 0;
    }
    return switch (form) {
      case NATIVE_PASSWORD -> {
        byte @Nullable [] stored = doubleSha1();
        yield stored != null
            && MessageDigest.isEqual(stored, Scramble.sha1(Scramble.sha1(password)));
      }
      case CACHING_SHA2_PASSWORD, SHA256_PASSWORD -> acceptsSha2(password);
      case ED25519 -> Arrays.equals(publicKey(), Ed25519.publicKey(password));
      case PARSEC -> {
        @Nullable ParsecKey key = parsecKey();
        yield key != null && key.accepts(password);
      }
      case CLEAR_PASSWORD -> false;
    };
  }

  /** The same of a method that keeps salt and cost with the key. */
  @Nullable ParsecKey parsecKey() {
    return ParsecKey.parse(text);
  }

  /** The public key of the password, or null for a text that is none. */
  byte @Nullable [] publicKey() {
    try {
      byte[] key = Base64.getDecoder().decode(text);
      return key.length == Ed25519.KEY ? key : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Sha256Crypt.Stored parsed() {
    if (text.startsWith(CRYPT) != (form() == AuthPlugin.SHA256_PASSWORD)) {
      throw new IllegalArgumentException("verifier: of another method");
    }
    return Sha256Crypt.Stored.parse(text);
  }

  private boolean acceptsSha2(byte[] password) {
    try {
      return parsed().accepts(password);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "StoredVerifier[" + plugin.wireName() + (text.isEmpty() ? ", empty" : "") + "]";
  }
}

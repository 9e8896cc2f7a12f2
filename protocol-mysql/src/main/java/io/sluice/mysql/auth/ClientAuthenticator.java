package io.sluice.mysql.auth;

import static java.util.Objects.requireNonNull;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Failure;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The client role of one login: answers what a server asks. One object for one login; not
 * thread-safe.
 *
 * <p>Works with {@link PasswordCredentials} and {@link ProvenCredentials}. Order of calls: {@link
 * #start} with what the greeting says, then {@link #authSwitch} and {@link #moreData} for what the
 * server sends, until its OK or ERR. Reference: replication-protocol §1.6.
 */
public final class ClientAuthenticator {

  private static final byte[] EMPTY = new byte[0];
  private static final byte[] ZERO = {0};
  private static final byte FAST_SUCCESS = 3;
  private static final byte FULL_NEEDED = 4;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String NOTHING_PROVEN =
      "the client proved its password by a signature, which opens no server (expected: a"
          + " user-mapping for the user, or ask-for-password and a client that comes over TLS)";
  private static final int ACCESS_DENIED = 1045;
  private static final String ACCESS_DENIED_STATE = "28000";

  private final String user;
  private final Proof proof;
  private final boolean secure;
  private final ServerKey serverKey;
  private AuthPlugin plugin = AuthPlugin.NATIVE_PASSWORD;
  private byte[] nonce = EMPTY;
  private byte[] proofNonce = EMPTY;
  private boolean keyRequested;
  private boolean otherMethods;
  private @Nullable Failure inability;
  private volatile byte @Nullable [] signingHash;

  /**
   * Prepares a login.
   *
   * @param credentials who
   * @param secure whether the connection is encrypted, so that a password may travel in clear
   * @param serverKey what a password may be encrypted with when the connection is not
   */
  public ClientAuthenticator(Credentials credentials, boolean secure, ServerKey serverKey) {
    this.user =
        credentials instanceof ProvenCredentials proven ? proven.serverUser() : credentials.user();
    this.proof = proofOf(credentials);
    this.secure = secure;
    this.serverKey = requireNonNull(serverKey, "serverKey");
  }

  private static Proof proofOf(Credentials credentials) {
    if (credentials instanceof ProvenCredentials proven) {
      return proven.serverProof();
    }
    if (credentials instanceof PasswordCredentials clear) {
      return Proof.ofPassword(clear.password());
    }
    throw new IllegalArgumentException(
        "credentials: " + credentials.getClass().getName() + " (expected: password or proven)");
  }

  /** The user's name for the handshake response. */
  public String user() {
    return user;
  }

  /**
   * The nonce that a certificate is proved with, without its zero byte: the last one of the native
   * method, else that of the greeting. Not to be changed.
   */
  public byte[] proofNonce() {
    return proofNonce;
  }

  /** Whether it is known that the password is empty. */
  public boolean isEmptyPassword() {
    return proof.isEmptyPassword();
  }

  /**
   * The form of the password that the server keeps, if the method in use has one that both sides
   * can make; else null. Null for an empty password.
   */
  public byte @Nullable [] passwordHash() {
    byte @Nullable [] sha1 = proof.sha1();
    if (plugin.signs()) {
      return signingHash;
    }
    return plugin == AuthPlugin.NATIVE_PASSWORD && sha1 != null && !proof.isEmptyPassword()
        ? Scramble.sha1(sha1)
        : null;
  }

  /** The server is of a kind whose accounts may have several methods, any of which is enough. */
  public void expectOtherMethods() {
    otherMethods = true;
  }

  /** Why the method that the server asked for is answered with nothing; null if it is not. */
  public @Nullable Failure inability() {
    return inability;
  }

  /** Whether what the server sends now need not be marked as more data. */
  public boolean takesRawData() {
    return plugin == AuthPlugin.PARSEC || plugin == AuthPlugin.CLEAR_PASSWORD || inability != null;
  }

  /** The method in use. */
  public AuthPlugin plugin() {
    return plugin;
  }

  /**
   * The answer for the handshake response.
   *
   * @param greetingPlugin the method that the greeting names; one that cannot be spoken is answered
   *     with one that can, and the server switches if it needs another
   * @param greetingNonce the nonce of the greeting, with or without its trailing zero
   */
  public ClientAuthStep start(String greetingPlugin, byte[] greetingNonce) {
    this.nonce = Scramble.trimNonce(requireNonNull(greetingNonce, "greetingNonce"));
    AuthPlugin named = AuthPlugin.of(greetingPlugin);
    proofNonce = nonce;
    if (proof.isNothing()) {
      return fail(NOTHING_PROVEN);
    }
    // A method that sends the password at once, or wants another nonce, must be asked for.
    if (named != null && named.isForGreeting() && proof.fits(named)) {
      plugin = named;
    } else {
      plugin =
          proof.fits(AuthPlugin.NATIVE_PASSWORD)
              ? AuthPlugin.NATIVE_PASSWORD
              : AuthPlugin.CACHING_SHA2_PASSWORD;
    }
    return respond();
  }

  /** The server wants another method or repeats with another nonce. */
  public ClientAuthStep authSwitch(String pluginName, byte[] data) {
    keyRequested = false;
    signingHash = null;
    inability = null;
    ClientAuthStep step = answer(pluginName, data);
    if (step.kind() == ClientAuthStep.Kind.FAILED && otherMethods) {
      // The server goes on with the account's next method, if there is one.
      inability = step.failure();
      return ClientAuthStep.send(plugin, EMPTY);
    }
    return step;
  }

  private ClientAuthStep answer(String pluginName, byte[] data) {
    AuthPlugin wanted = AuthPlugin.of(pluginName);
    if (wanted == null) {
      return fail(
          "authentication method: "
              + printable(pluginName)
              + " (expected: "
              + AuthPlugin.SPOKEN
              + ")");
    }
    if (data.length < wanted.nonceLength()) {
      return fail(
          "authentication nonce: "
              + data.length
              + " bytes (expected: "
              + wanted.nonceLength()
              + ")");
    }
    plugin = wanted;
    nonce = Arrays.copyOf(data, wanted.nonceLength());
    if (wanted == AuthPlugin.NATIVE_PASSWORD) {
      proofNonce = nonce;
    }
    return respond();
  }

  /**
   * The server sent more.
   *
   * @param data what follows the leading byte 01
   */
  public ClientAuthStep moreData(byte[] data) {
    if (keyRequested) {
      keyRequested = false;
      return encryptedWith(data);
    }
    if (inability != null) {
      return ClientAuthStep.send(plugin, EMPTY);
    }
    if (plugin == AuthPlugin.PARSEC) {
      return salted(data);
    }
    if (plugin == AuthPlugin.CLEAR_PASSWORD) {
      return fail("the server asks for more than a password (mysql_clear_password)");
    }
    if (plugin != AuthPlugin.CACHING_SHA2_PASSWORD) {
      return fail(plugin.wireName() + ": more data from the server (expected: OK or an error)");
    }
    if (data.length == 1 && data[0] == FAST_SUCCESS) {
      return ClientAuthStep.await(plugin);
    }
    if (data.length == 1 && data[0] == FULL_NEEDED) {
      return password();
    }
    return fail("caching_sha2_password: unknown answer (expected: 03 or 04)");
  }

  private ClientAuthStep respond() {
    return switch (plugin) {
      case NATIVE_PASSWORD, CACHING_SHA2_PASSWORD -> challenged();
      case SHA256_PASSWORD ->
          proof.isEmptyPassword() ? ClientAuthStep.send(plugin, EMPTY) : password();
      case CLEAR_PASSWORD -> password();
      case ED25519 -> {
        byte @Nullable [] password = proof.password();
        yield password == null ? unproven() : sign(password);
      }
      case PARSEC -> proof.password() == null ? unproven() : ClientAuthStep.send(plugin, EMPTY);
    };
  }

  private ClientAuthStep challenged() {
    if (proof.isEmptyPassword()) {
      return ClientAuthStep.send(plugin, EMPTY);
    }
    boolean old = plugin == AuthPlugin.NATIVE_PASSWORD;
    byte @Nullable [] known = old ? proof.sha1() : proof.sha256();
    if (known == null) {
      return unproven();
    }
    return ClientAuthStep.send(
        plugin, old ? Scramble.nativeResponse(known, nonce) : Scramble.sha2Response(known, nonce));
  }

  private ClientAuthStep unproven() {
    return fail(
        "the server wants "
            + plugin.wireName()
            + ", but the client proved its password by another method; give the account the same"
            + " method on all servers, or the user a user-mapping");
  }

  /** An empty password is signed with like any other. */
  private ClientAuthStep sign(byte[] password) {
    byte[] message = nonce;
    return ClientAuthStep.compute(
        plugin,
        () -> {
          signingHash = Ed25519.publicKey(password);
          return ClientAuthStep.send(AuthPlugin.ED25519, Ed25519.sign(password, message));
        });
  }

  /** The server told how its key is derived from the password. */
  private ClientAuthStep salted(byte[] parameters) {
    byte @Nullable [] password = proof.password();
    if (password == null) {
      return unproven();
    }
    if (!ParsecKey.isUsable(parameters)) {
      return fail("parsec: unknown parameters of " + parameters.length + " bytes (expected: 20)");
    }
    byte[] message = nonce;
    return ClientAuthStep.compute(
        plugin,
        () -> {
          byte[] seed = ParsecKey.seed(password, parameters);
          byte[] own = new byte[Ed25519.KEY];
          RANDOM.nextBytes(own);
          signingHash = ParsecKey.concat(parameters, Ed25519.publicKey(seed));
          return ClientAuthStep.send(AuthPlugin.PARSEC, ParsecKey.answer(seed, message, own));
        });
  }

  /** The server asks for the password itself. */
  private ClientAuthStep password() {
    byte @Nullable [] password = proof.password();
    if (password == null) {
      return fail(
          "the server asks for the password itself ("
              + plugin.wireName()
              + (plugin == AuthPlugin.CACHING_SHA2_PASSWORD ? ", not in its cache" : "")
              + "), but the client only proved a hash of it");
    }
    if (secure) {
      return ClientAuthStep.send(plugin, withZero(password));
    }
    if (plugin == AuthPlugin.CLEAR_PASSWORD) {
      return fail(
          "the server asks for the password itself (mysql_clear_password) over a connection that is"
              + " not encrypted (expected: tls)");
    }
    PublicKey known = serverKey.known();
    if (known != null) {
      return encrypted(known, password);
    }
    if (!serverKey.maySend()) {
      return fail(
          "the server asks for the password itself ("
              + plugin.wireName()
              + ") over a connection that is not encrypted (expected: tls, or"
              + " server-public-key-file with the server's public_key.pem, or"
              + " get-server-public-key where nobody can stand between; in SQL MASTER_SSL = 1 or"
              + " SOURCE_SSL = 1, SOURCE_PUBLIC_KEY_PATH, GET_SOURCE_PUBLIC_KEY = 1)");
    }
    keyRequested = true;
    return ClientAuthStep.send(plugin, new byte[] {ServerAuthenticator.keyRequest(plugin)});
  }

  private ClientAuthStep encryptedWith(byte[] pem) {
    byte @Nullable [] password = proof.password();
    if (password == null) {
      return fail(plugin.wireName() + ": a key that was not asked for");
    }
    try {
      return encrypted(RsaKeys.parsePublicKey(pem), password);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return fail(plugin.wireName() + ": the server's public key cannot be used");
    }
  }

  private ClientAuthStep encrypted(PublicKey key, byte[] password) {
    try {
      return ClientAuthStep.send(
          plugin, RsaKeys.encrypt(key, Scramble.mixWithNonce(withZero(password), nonce)));
    } catch (GeneralSecurityException e) {
      return fail(plugin.wireName() + ": the password is too long for the server's public key");
    }
  }

  private ClientAuthStep fail(String why) {
    String message = "login as user '" + user + "' failed: " + why;
    return ClientAuthStep.failed(
        Failure.lasting(
            CloseReason.SERVER_LOST,
            message,
            new ReplyError(ACCESS_DENIED, ACCESS_DENIED_STATE, message)));
  }

  private static byte[] withZero(byte[] password) {
    byte[] text = Arrays.copyOf(password, password.length + ZERO.length);
    text[password.length] = 0;
    return text;
  }

  private static String printable(String name) {
    String cut = name.length() > 64 ? name.substring(0, 64) + "..." : name;
    return cut.isEmpty() ? "(none)" : cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}

package io.sluice.mysql.auth;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The server role of one login with one method: checks what a client sends. One object for one
 * exchange; not thread-safe, but steps may be computed on another thread while nobody calls it.
 *
 * <p>Reference: replication-protocol §1.6. Never reveals by its course whether the account exists:
 * use a verifier that fits nothing for one that does not.
 */
public final class ServerAuthenticator {

  private static final byte MORE_DATA = 1;
  private static final byte REQUEST_PUBLIC_KEY = 2;
  private static final byte REQUEST_PUBLIC_KEY_SHA256 = 1;
  private static final byte FAST_SUCCESS = 3;
  private static final byte FULL_NEEDED = 4;
  private static final int MAX_PASSWORD = 256;

  private final StoredVerifier verifier;
  private final byte[] nonce;
  private final boolean secure;
  private final PasswordCache cache;
  private final RsaKeys keys;
  private boolean full;
  private boolean keySent;
  private boolean passwordUsed;

  /**
   * Prepares an exchange.
   *
   * @param verifier what the account keeps
   * @param nonce the nonce that the client was given
   * @param secure whether the connection is encrypted
   * @param cache the memory of full exchanges
   * @param keys for passwords that come encrypted over a clear connection
   */
  public ServerAuthenticator(
      StoredVerifier verifier, byte[] nonce, boolean secure, PasswordCache cache, RsaKeys keys) {
    this.verifier = requireNonNull(verifier, "verifier");
    this.nonce = nonce.clone();
    this.secure = secure;
    this.cache = requireNonNull(cache, "cache");
    this.keys = requireNonNull(keys, "keys");
  }

  /** The method in use. */
  public AuthPlugin plugin() {
    return verifier.plugin();
  }

  /** Whether the client gave a password, as the error message tells it. */
  public boolean isPasswordUsed() {
    return passwordUsed;
  }

  /**
   * The binary form of what the account keeps of its password, if client and server can both make
   * it of the password; null for an empty password and for methods without such a form.
   */
  public byte @Nullable [] passwordHash() {
    return switch (verifier.plugin()) {
      case NATIVE_PASSWORD -> verifier.doubleSha1();
      case ED25519 -> verifier.publicKey();
      case PARSEC -> {
        @Nullable ParsecKey key = verifier.parsecKey();
        yield key == null ? null : key.binary();
      }
      case CACHING_SHA2_PASSWORD, SHA256_PASSWORD, CLEAR_PASSWORD -> null;
    };
  }

  /** The client's next packet: first its response, then what it was asked for. */
  public ServerAuthStep onData(byte[] data) {
    return switch (verifier.plugin()) {
      case NATIVE_PASSWORD -> checkNative(data);
      case CACHING_SHA2_PASSWORD -> full ? onFullData(data) : onFastData(data);
      case SHA256_PASSWORD -> full ? onFullData(data) : onPassword(data);
      case ED25519 -> onSignature(data);
      case PARSEC -> onSaltedSignature(data);
      case CLEAR_PASSWORD -> onClear(data);
    };
  }

  private ServerAuthStep onSignature(byte[] signature) {
    passwordUsed = true;
    byte @Nullable [] key = verifier.publicKey();
    if (key == null) {
      return ServerAuthStep.refused("no password fits the account");
    }
    if (signature.length != Ed25519.SIGNATURE) {
      return wrongLength(signature, Ed25519.SIGNATURE);
    }
    return ServerAuthStep.compute(
        () -> Ed25519.verify(key, nonce, signature) ? signed() : wrongPassword());
  }

  /**
   * A client asks for the salt with an empty packet. One that has it from an earlier login may sign
   * at once; the salt that it gets if that was the wrong one is its last chance.
   */
  private ServerAuthStep onSaltedSignature(byte[] data) {
    passwordUsed = true;
    @Nullable ParsecKey key = verifier.parsecKey();
    if (key == null) {
      return ServerAuthStep.refused("no password fits the account");
    }
    boolean last = keySent;
    keySent = true;
    if (data.length == 0 && !last) {
      return ServerAuthStep.send(key.parameters());
    }
    if (data.length != ParsecKey.ANSWER) {
      return wrongLength(data, ParsecKey.ANSWER);
    }
    return ServerAuthStep.compute(
        () -> {
          if (key.verify(nonce, data)) {
            return signed();
          }
          return last ? wrongPassword() : ServerAuthStep.send(key.parameters());
        });
  }

  /** A signature tells nothing of the password; maybe the configuration does. */
  private ServerAuthStep signed() {
    @Nullable Proof known = cache.known(verifier.text());
    return ServerAuthStep.proven(known == null ? Proof.ofNothing() : known);
  }

  private static ServerAuthStep wrongPassword() {
    return ServerAuthStep.refused("wrong password");
  }

  private static ServerAuthStep wrongLength(byte[] answer, int expected) {
    return ServerAuthStep.refused(
        "response of " + answer.length + " bytes (expected: " + expected + ")");
  }

  private ServerAuthStep onClear(byte[] data) {
    passwordUsed = isPassword(data);
    if (!secure) {
      return ServerAuthStep.refused("mysql_clear_password without TLS");
    }
    if (verifier.isEmptyPassword()) {
      return withEmpty();
    }
    return checkClear(data);
  }

  /** The first packet of the method that always wants the password itself. */
  private ServerAuthStep onPassword(byte[] data) {
    passwordUsed = isPassword(data);
    if (!passwordUsed || verifier.isEmptyPassword()) {
      return withEmpty();
    }
    full = true;
    return onFullData(data);
  }

  private static boolean isPassword(byte[] data) {
    return !(data.length == 0 || (data.length == 1 && data[0] == 0));
  }

  private ServerAuthStep checkNative(byte[] response) {
    passwordUsed = response.length > 0;
    if (!passwordUsed || verifier.isEmptyPassword()) {
      return withEmpty();
    }
    boolean possible = false;
    for (StoredVerifier each : verifier.each()) {
      byte @Nullable [] stored = each.doubleSha1();
      possible |= stored != null;
      byte @Nullable [] sha1 =
          stored == null ? null : Scramble.recoverSha1(response, nonce, stored);
      if (sha1 != null) {
        @Nullable Proof known = cache.known(each.text());
        return ServerAuthStep.proven(known == null ? Proof.ofSha1(sha1) : known);
      }
    }
    return ServerAuthStep.refused(possible ? "wrong password" : "no password fits the account");
  }

  private ServerAuthStep onFastData(byte[] response) {
    passwordUsed = isPassword(response);
    if (!passwordUsed || verifier.isEmptyPassword()) {
      return withEmpty();
    }
    if (response.length != Scramble.SHA2_LENGTH) {
      return wrongLength(response, Scramble.SHA2_LENGTH);
    }
    for (StoredVerifier each : verifier.each()) {
      @Nullable Proof known = cache.check(each.text(), response, nonce);
      if (known != null) {
        return ServerAuthStep.proven(known, new byte[] {MORE_DATA, FAST_SUCCESS});
      }
    }
    full = true;
    return ServerAuthStep.send(new byte[] {MORE_DATA, FULL_NEEDED});
  }

  private ServerAuthStep onFullData(byte[] data) {
    if (secure) {
      return checkClear(data);
    }
    if (!keySent && data.length == 1 && data[0] == keyRequest(verifier.plugin())) {
      keySent = true;
      byte[] pem = keys.publicPem();
      byte[] payload = new byte[pem.length + 1];
      payload[0] = MORE_DATA;
      System.arraycopy(pem, 0, payload, 1, pem.length);
      return ServerAuthStep.send(payload);
    }
    if (data.length != keys.modulusBytes()) {
      return ServerAuthStep.refused(
          verifier.plugin().wireName()
              + ": the client sends the password over TLS only, or if it asks for the public key of"
              + " this listener (such as GET_SOURCE_PUBLIC_KEY = 1, --get-server-public-key,"
              + " allowPublicKeyRetrieval)");
    }
    return ServerAuthStep.compute(
        () -> {
          try {
            return checkClear(Scramble.mixWithNonce(keys.decrypt(data), nonce));
          } catch (GeneralSecurityException e) {
            return ServerAuthStep.refused("the encrypted password cannot be decrypted");
          }
        });
  }

  /** The byte that asks for the public key. */
  static byte keyRequest(AuthPlugin plugin) {
    return plugin == AuthPlugin.SHA256_PASSWORD ? REQUEST_PUBLIC_KEY_SHA256 : REQUEST_PUBLIC_KEY;
  }

  /** The password with its zero byte. */
  private ServerAuthStep checkClear(byte[] text) {
    if (text.length == 0 || text[text.length - 1] != 0 || text.length - 1 > MAX_PASSWORD) {
      return ServerAuthStep.refused("a password that does not end with a zero byte or is too long");
    }
    byte[] password = Arrays.copyOf(text, text.length - 1);
    return ServerAuthStep.compute(
        () -> {
          for (StoredVerifier each : verifier.each()) {
            if (each.accepts(password)) {
              if (each.plugin() == AuthPlugin.CACHING_SHA2_PASSWORD) {
                cache.remember(each.text(), password);
              }
              return ServerAuthStep.proven(Proof.ofPassword(password));
            }
          }
          return wrongPassword();
        });
  }

  private ServerAuthStep withEmpty() {
    return verifier.isEmptyPassword() && !passwordUsed
        ? ServerAuthStep.proven(Proof.ofPassword(new byte[0]))
        : ServerAuthStep.refused(
            passwordUsed ? "the account has no password" : "no password given");
  }
}

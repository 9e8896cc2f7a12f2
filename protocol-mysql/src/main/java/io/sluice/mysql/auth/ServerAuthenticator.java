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
    return verifier.plugin() == AuthPlugin.NATIVE_PASSWORD ? verifier.doubleSha1() : null;
  }

  /** The client's next packet: first its response, then what it was asked for. */
  public ServerAuthStep onData(byte[] data) {
    return switch (verifier.plugin()) {
      case NATIVE_PASSWORD -> checkNative(data);
      case CACHING_SHA2_PASSWORD -> full ? onFullData(data) : onFastData(data);
    };
  }

  private ServerAuthStep checkNative(byte[] response) {
    passwordUsed = response.length > 0;
    if (!passwordUsed || verifier.isEmptyPassword()) {
      return withEmpty();
    }
    byte @Nullable [] stored = verifier.doubleSha1();
    if (stored == null) {
      return ServerAuthStep.refused("no password fits the account");
    }
    byte @Nullable [] sha1 = Scramble.recoverSha1(response, nonce, stored);
    return sha1 == null
        ? ServerAuthStep.refused("wrong password")
        : ServerAuthStep.proven(Proof.ofSha1(sha1));
  }

  private ServerAuthStep onFastData(byte[] response) {
    passwordUsed = !(response.length == 0 || (response.length == 1 && response[0] == 0));
    if (!passwordUsed || verifier.isEmptyPassword()) {
      return withEmpty();
    }
    if (response.length != Scramble.SHA2_LENGTH) {
      return ServerAuthStep.refused("response of " + response.length + " bytes (expected: 32)");
    }
    @Nullable Proof known = cache.check(verifier.text(), response, nonce);
    if (known != null) {
      return ServerAuthStep.proven(known, new byte[] {MORE_DATA, FAST_SUCCESS});
    }
    full = true;
    return ServerAuthStep.send(new byte[] {MORE_DATA, FULL_NEEDED});
  }

  private ServerAuthStep onFullData(byte[] data) {
    if (secure) {
      return checkClear(data);
    }
    if (!keySent && data.length == 1 && data[0] == REQUEST_PUBLIC_KEY) {
      keySent = true;
      byte[] pem = keys.publicPem();
      byte[] payload = new byte[pem.length + 1];
      payload[0] = MORE_DATA;
      System.arraycopy(pem, 0, payload, 1, pem.length);
      return ServerAuthStep.send(payload);
    }
    if (data.length != keys.modulusBytes()) {
      return ServerAuthStep.refused(
          "caching_sha2_password: a full exchange needs TLS or the public key of this listener");
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

  /** The password with its zero byte. */
  private ServerAuthStep checkClear(byte[] text) {
    if (text.length == 0 || text[text.length - 1] != 0 || text.length - 1 > MAX_PASSWORD) {
      return ServerAuthStep.refused("a password that does not end with a zero byte or is too long");
    }
    byte[] password = Arrays.copyOf(text, text.length - 1);
    return ServerAuthStep.compute(
        () -> {
          if (!verifier.accepts(password)) {
            return ServerAuthStep.refused("wrong password");
          }
          cache.remember(verifier.text(), password);
          return ServerAuthStep.proven(Proof.ofPassword(password));
        });
  }

  private ServerAuthStep withEmpty() {
    return verifier.isEmptyPassword() && !passwordUsed
        ? ServerAuthStep.proven(Proof.ofPassword(new byte[0]))
        : ServerAuthStep.refused(
            passwordUsed ? "the account has no password" : "no password given");
  }
}

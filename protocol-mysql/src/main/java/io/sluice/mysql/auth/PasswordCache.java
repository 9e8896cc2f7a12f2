package io.sluice.mysql.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of full exchanges that makes the fast path of {@code caching_sha2_password} possible.
 * Lives in memory only. An entry belongs to one stored verifier: a changed password has another one
 * and so never meets an old entry. Bounded; thread-safe.
 */
public final class PasswordCache {

  private static final int LIMIT = 10_000;

  private final Map<String, Remembered> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
          return size() > LIMIT;
        }
      };

  /** What a full exchange, or a configured password, left. */
  private static final class Remembered {
    private final byte[] doubleSha256;
    private final Proof proof;

    private Remembered(byte[] doubleSha256, Proof proof) {
      this.doubleSha256 = doubleSha256;
      this.proof = proof;
    }
  }

  /** Remembers the password that fits a stored verifier. */
  public void remember(String verifier, byte[] password) {
    Remembered entry =
        new Remembered(Scramble.sha256(Scramble.sha256(password)), Proof.ofPassword(password));
    synchronized (entries) {
      entries.put(verifier, entry);
    }
  }

  /** Checks a fast response; null when it does not fit or nothing is remembered. */
  @Nullable Proof check(String verifier, byte[] response, byte[] nonce) {
    @Nullable Remembered entry;
    synchronized (entries) {
      entry = entries.get(verifier);
    }
    if (entry == null) {
      return null;
    }
    return Scramble.recoverSha256(response, nonce, entry.doubleSha256) == null ? null : entry.proof;
  }

  /** The password of a stored verifier; null when it is not remembered. */
  @Nullable Proof known(String verifier) {
    synchronized (entries) {
      @Nullable Remembered entry = entries.get(verifier);
      return entry == null ? null : entry.proof;
    }
  }

  /** How many are remembered. */
  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }
}

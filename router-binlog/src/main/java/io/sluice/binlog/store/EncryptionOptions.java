package io.sluice.binlog.store;

import io.sluice.binlog.form.KeyRing;

/**
 * With which keys files are sealed and opened. Immutable.
 *
 * @param keys opens what is sealed
 * @param keyId seals what is written from now on; 0 leaves it clear
 */
public record EncryptionOptions(KeyRing keys, long keyId) {
  /** Nothing is sealed, and what is sealed cannot be opened. */
  public static final EncryptionOptions NONE = new EncryptionOptions(KeyRing.none(), 0);

  /** Checks the values. */
  public EncryptionOptions {
    if (keyId != 0 && !keys.has(keyId)) {
      throw new IllegalArgumentException(
          "encryption key id: " + keyId + " (expected: one of the " + keys.source() + ")");
    }
  }

  /** Tells whether what is written from now on is sealed. */
  public boolean seals() {
    return keyId != 0;
  }
}

package io.sluice.binlog;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.EncryptionOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The settings of encryption at rest. Immutable.
 *
 * @param keyFile empty for none
 * @param keyId 0 for new files that are not encrypted
 */
record EncryptionConfig(String keyFile, long keyId) {

  static EncryptionConfig from(Settings settings) {
    EncryptionConfig config =
        new EncryptionConfig(
            settings.get(BinlogSettings.ENCRYPTION_KEY_FILE),
            settings.get(BinlogSettings.ENCRYPTION_KEY_ID));
    if (config.keyId != 0 && config.keyFile.isEmpty()) {
      throw new InvalidConfigException(
          BinlogSettings.ENCRYPTION_KEY_FILE.name(),
          "missing (expected: a key file, because encryption-key-id is " + config.keyId + ")");
    }
    return config;
  }

  /**
   * Reads the keys. Blocks.
   *
   * @throws InvalidConfigException if they cannot be read, or the one for new files is missing
   */
  EncryptionOptions open() {
    if (keyFile.isEmpty()) {
      return EncryptionOptions.NONE;
    }
    Path home = Path.of(System.getProperty("sluice.home", "")).toAbsolutePath();
    KeyRing keys;
    try {
      keys = KeyRing.load(home.resolve(keyFile).normalize());
    } catch (IOException e) {
      throw new InvalidConfigException(
          BinlogSettings.ENCRYPTION_KEY_FILE.name(), "cannot be read: " + e);
    }
    if (keyId != 0 && !keys.has(keyId)) {
      throw new InvalidConfigException(
          BinlogSettings.ENCRYPTION_KEY_ID.name(),
          keyId + " (expected: the id of a key of the " + keys.source() + ")");
    }
    return new EncryptionOptions(keys, keyId);
  }
}

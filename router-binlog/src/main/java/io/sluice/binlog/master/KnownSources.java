package io.sluice.binlog.master;

import io.sluice.binlog.store.StoreMetadata;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which MySQL server each epoch of the log came from, kept beside it: another server has another
 * history, whatever its files are called. Thread-safe.
 */
public final class KnownSources {
  private static final Logger LOGGER = LoggerFactory.getLogger(KnownSources.class);
  private static final String KEY = "source-uuid.";

  private final StoreMetadata metadata;

  /** Those of one store. */
  public KnownSources(StoreMetadata metadata) {
    this.metadata = metadata;
  }

  /** The server uuid; empty if it is not known. */
  public String uuid(int epoch) {
    String uuid = metadata.get(KEY + number(epoch));
    return uuid == null ? "" : uuid;
  }

  /** An empty store will begin with the first epoch. */
  private static int number(int epoch) {
    return Math.max(epoch, 1);
  }

  /** The epoch is this server's log; without an uuid, of one that has none. */
  void follow(int epoch, String uuid) {
    if (uuid.equals(uuid(epoch))) {
      return;
    }
    String key = KEY + number(epoch);
    // Without it, the history is proven by GTIDs and by the last event.
    metadata
        .update(Collections.singletonMap(key, uuid.isEmpty() ? null : uuid))
        .exceptionally(
            error -> {
              LOGGER
                  .atWarn()
                  .addKeyValue("key", key)
                  .setCause(error)
                  .log("cannot keep which server the log came from");
              return null;
            });
  }
}

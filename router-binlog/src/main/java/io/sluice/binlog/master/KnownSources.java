package io.sluice.binlog.master;

import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.StoreMetadata;
import io.sluice.binlog.store.Watermark;
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

  private final BinlogStore store;
  private final StoreMetadata metadata;

  /** Those of one store. */
  public KnownSources(BinlogStore store) {
    this.store = store;
    this.metadata = store.metadata();
  }

  /**
   * The server whose log follows has purged these GTIDs. What of it is unknown here is in no file
   * at all, also not in PREVIOUS_GTIDS if the server was set up from a copy of the data: without it
   * a fresh replica would be served with a gap.
   *
   * @param purged {@code gtid_purged}, empty for none
   */
  void purged(String purged) {
    if (store.family() == ServerFamily.MARIADB) {
      return;
    }
    try {
      store
          .masterHasPurged(MySqlGtidSet.parse(purged))
          .exceptionally(
              error -> {
                LOGGER.atWarn().setCause(error).log("cannot keep what the source has purged");
                return null;
              });
    } catch (GtidFormatException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("gtid_purged of the source");
    }
  }

  /** All that is known here: what is in the log, and what is known to be in none. */
  MySqlGtidSet executed() {
    return MySqlGtidSet.of(store.executedState());
  }

  /** Where the log ends. */
  Watermark end() {
    return store.watermark();
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

package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to the history but stands in no file: what the first file that tells says was before
 * it, and what the master had purged from the beginning. Any thread; {@link #begins} and {@link
 * #refresh} block.
 */
final class PurgedState {
  private static final Logger LOGGER = LoggerFactory.getLogger(PurgedState.class);
  static final String ABSENT = "gtid-absent";

  private final FileCatalog catalog;
  private final LiveInventory live;
  private final StoreMetadata metadata;

  /** The state at the start of the first file that tells, null if there is none. */
  private volatile @Nullable GtidState start;

  private volatile BinlogFileId oldest = BinlogFileId.NONE;

  PurgedState(FileCatalog catalog, LiveInventory live, StoreMetadata metadata) {
    this.catalog = catalog;
    this.live = live;
    this.metadata = metadata;
  }

  /** Reads what was kept. */
  void open() throws IOException {
    String kept = metadata.get(ABSENT);
    if (kept != null && live.current().watermark().isEmpty()) {
      // Of a log that was removed.
      keep(null);
    } else if (kept != null) {
      try {
        live.absent(MySqlGtidSet.parse(kept));
      } catch (GtidFormatException e) {
        throw new IOException("store metadata: " + ABSENT + ": " + e.getMessage(), e);
      }
    }
    refresh();
  }

  /** The first file of the store is about to be visible: what was before it is known then. */
  void begins(Watermark first) {
    try {
      start = catalog.head(first.file(), first.offset()).state();
      oldest = first.file();
    } catch (IOException e) {
      unknown(first, e);
    }
  }

  /** Files came or went. */
  void refresh() {
    Inventory now = live.current();
    BinlogFileId first = now.oldest();
    if (first == null || (first.equals(oldest) && start != null)) {
      return;
    }
    try {
      GtidState told = null;
      for (BinlogFileId file = first; file != null && told == null; file = now.next(file)) {
        told = catalog.head(file, now.visibleEnd(file)).state();
      }
      start = told;
      oldest = first;
    } catch (IOException e) {
      unknown(now.watermark(), e);
    }
  }

  /** Nothing can be proved to be here then. */
  private void unknown(Watermark end, IOException cause) {
    start = end.state();
    oldest = BinlogFileId.NONE;
    LOGGER
        .atWarn()
        .addKeyValue("file", end.file())
        .setCause(cause)
        .log("what was purged is unknown: all of the log counts as purged");
  }

  /** All of it. */
  GtidState get() {
    Inventory now = live.current();
    GtidState told = start;
    if (told == null) {
      told = GtidState.empty(now.watermark().state().family());
    }
    return now.absent().isEmpty() ? told : MySqlGtidSet.of(told).union(now.absent());
  }

  /** Takes the master's {@code gtid_purged}. */
  synchronized CompletableFuture<Void> masterHasPurged(MySqlGtidSet purged) {
    Inventory now = live.current();
    if (now.watermark().isEmpty()) {
      // Nothing is known yet, or only what another master said.
      if (purged.equals(now.absent())) {
        return CompletableFuture.completedFuture(null);
      }
      live.absent(purged);
      return keep(purged.isEmpty() ? null : text(purged));
    }
    MySqlGtidSet unknown = purged.subtract(MySqlGtidSet.of(now.executed()));
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    MySqlGtidSet absent = now.absent().union(unknown);
    live.absent(absent);
    LOGGER
        .atInfo()
        .addKeyValue("gtids", unknown)
        .log("the master's log does not have these transactions, replicas must have them");
    return keep(text(absent));
  }

  private static String text(MySqlGtidSet set) {
    return set.toString().replace("\n", "");
  }

  private CompletableFuture<Void> keep(@Nullable String absent) {
    Map<String, @Nullable String> change = new HashMap<>();
    change.put(ABSENT, absent);
    return metadata.update(change);
  }
}

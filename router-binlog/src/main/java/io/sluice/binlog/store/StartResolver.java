package io.sluice.binlog.store;

import io.sluice.binlog.gtid.MariaDbGtid;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Finds where a replica's stream begins, by the rules of its master's family, and refuses with its
 * words. For one request; blocks.
 */
final class StartResolver {
  private final FileCatalog catalog;
  private final Supplier<Watermark> log;
  private final Inventory inventory;
  private final ScanMeter.Scan counter;

  /**
   * Prepares a search.
   *
   * @param log the newest watermark, also later
   * @param inventory the files at the time of the request
   * @param counter counts what is read
   */
  StartResolver(
      FileCatalog catalog, Supplier<Watermark> log, Inventory inventory, ScanMeter.Scan counter) {
    this.catalog = catalog;
    this.log = log;
    this.inventory = inventory;
    this.counter = counter;
  }

  static String notInBinlog(MariaDbGtid gtid) {
    return "Error: connecting slave requested to start from GTID "
        + gtid
        + ", which is not in the master's binlog";
  }

  StartResult resolve(StartRequest request) throws IOException {
    if (inventory.newest() == null) {
      return StartResult.fatal("Binary log is not open");
    }
    if (request instanceof StartRequest.FilePosition at) {
      return position(at.file(), at.position(), new PositionWords.MariaDb());
    }
    if (request instanceof StartRequest.MySqlPosition at) {
      return position(
          at.file(), at.position(), new PositionWords.MySql(new MySqlTexts(at.source()), request));
    }
    if (request instanceof StartRequest.MySqlGtids gtids) {
      return new MySqlGtidSearch(catalog, inventory, counter, gtids).run();
    }
    return new GtidSearch(catalog, log, inventory, counter, (StartRequest.MariaDbGtids) request)
        .run();
  }

  private StartResult position(String file, long position, PositionWords words) throws IOException {
    return new PositionSearch(catalog, inventory, counter, file, position, words).run();
  }
}

package io.sluice.benchmarks.relay;

import io.sluice.testkit.server.MariaDbServer;
import java.util.Locale;

/** Binlog files full of row events of one size, made by a real master. */
final class RowEvents {
  /** Header, table number, flags, bitmaps and checksum of a WRITE_ROWS event with one row. */
  private static final int AROUND_ROW = 40;

  /** A smaller one is not possible; a row that is larger has an event of its own. */
  private static final String ONE_ROW_EACH = "256";

  private static final int ROWS_PER_TRANSACTION = 100;
  private static final int TRANSACTIONS_AT_ONCE = 1000;

  private RowEvents() {}

  /** A master with a binlog, no TLS, and one event for each row. */
  static MariaDbServer.Builder master() {
    return MariaDbServer.builder()
        .binlog("mysql-bin")
        .serverId(1)
        .option("binlog_format", "ROW")
        .option("binlog_row_event_max_size", ONE_ROW_EACH)
        .option("binlog_annotate_row_events", "OFF")
        .option("binlog_cache_size", "4M")
        .option("binlog_stmt_cache_size", "4M")
        .option("max_binlog_size", "1073741824")
        .option("innodb_flush_log_at_trx_commit", "0")
        .option("sync_binlog", "0");
  }

  /** Adds so many bytes of events that each have about that size, and ends the file. */
  static void write(MariaDbServer server, int eventSize, long bytes) {
    long transactions = Math.max(1, bytes / eventSize / ROWS_PER_TRANSACTION);
    server.execute("CREATE DATABASE IF NOT EXISTS bench", "DROP TABLE IF EXISTS bench.t");
    // Without transactions of its own: the binlog is what counts.
    server.execute("CREATE TABLE bench.t (v VARBINARY(16000)) ENGINE=MyISAM");
    while (transactions > 0) {
      long now = Math.min(transactions, TRANSACTIONS_AT_ONCE);
      server.execute(
          String.format(
              Locale.ROOT,
              "BEGIN NOT ATOMIC FOR i IN 1..%d DO INSERT INTO bench.t "
                  + "SELECT REPEAT(CHAR(65 + seq %% 26), %d) FROM bench.seq_1_to_%d; END FOR; END",
              now,
              eventSize - AROUND_ROW,
              ROWS_PER_TRANSACTION),
          "TRUNCATE TABLE bench.t");
      transactions -= now;
    }
    server.execute("FLUSH BINARY LOGS");
  }
}

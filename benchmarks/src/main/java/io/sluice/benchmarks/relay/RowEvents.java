package io.sluice.benchmarks.relay;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import java.util.Locale;

/** Binlog files full of row events of one size, made by a real master. */
final class RowEvents {
  /** Header, table number, flags, bitmaps and checksum of a WRITE_ROWS event with one row. */
  private static final int AROUND_ROW = 40;

  /** A smaller one is not possible; a row that is larger has an event of its own. */
  private static final String ONE_ROW_EACH = "256";

  private static final int ROWS_PER_TRANSACTION = 100;
  private static final int TRANSACTIONS_AT_ONCE = 1000;

  /** What RANDOM_BYTES gives at once. */
  private static final int MOST_RANDOM = 1024;

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

  /** The same as MySQL; without GTIDs, so that files can be copied. */
  static MySqlServer.Builder mySql() {
    return MySqlServer.builder(Bench.MYSQL)
        .binlog("mysql-bin")
        .serverId(3)
        .withoutGtid()
        .withoutTls()
        .option("binlog_format", "ROW")
        .option("binlog_row_event_max_size", ONE_ROW_EACH)
        .option("binlog_cache_size", "4194304")
        .option("max_binlog_size", "1073741824")
        .option("sync_binlog", "0");
  }

  /** Makes the table anew. */
  static void prepare(DatabaseServer server) {
    server.execute("CREATE DATABASE IF NOT EXISTS bench", "DROP TABLE IF EXISTS bench.t");
    if (server.installation().isMySql()) {
      server.execute(
          "CREATE TABLE bench.t (v VARBINARY(16000)) ENGINE=BLACKHOLE",
          "CREATE TABLE bench.seq (seq INT PRIMARY KEY)",
          "INSERT INTO bench.seq WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
              + " WHERE n < "
              + ROWS_PER_TRANSACTION
              + ") SELECT n FROM s",
          "CREATE PROCEDURE bench.fill(times INT, size INT) BEGIN DECLARE i INT DEFAULT 0;"
              + " WHILE i < times DO INSERT INTO bench.t"
              + " SELECT REPEAT(CHAR(65 + seq % 26), size) FROM bench.seq; SET i = i + 1;"
              + " END WHILE; END");
    } else {
      // Without transactions of its own: the binlog is what counts.
      server.execute("CREATE TABLE bench.t (v VARBINARY(16000)) ENGINE=MyISAM");
    }
  }

  /** Makes the table, adds so many bytes of events of about that size each, ends the file. */
  static void write(DatabaseServer server, int eventSize, long bytes) {
    prepare(server);
    fill(server, eventSize, bytes);
  }

  /** The same with a table that is there. */
  static void fill(DatabaseServer server, int eventSize, long bytes) {
    int length = eventSize - AROUND_ROW;
    fill(server, eventSize, bytes, "REPEAT(CHAR(65 + seq % 26), " + length + ")");
  }

  /**
   * As {@link #write}; half of each row is random digits, so that it compresses as real rows do.
   */
  static void writeMixed(MariaDbServer server, int eventSize, long bytes) {
    int length = eventSize - AROUND_ROW;
    StringBuilder value = new StringBuilder("CONCAT(''");
    int left = length / 4;
    while (left > 0) {
      int part = Math.min(left, MOST_RANDOM);
      value.append(", HEX(RANDOM_BYTES(").append(part).append("))");
      left -= part;
    }
    int rest = length - length / 4 * 2;
    value.append(", REPEAT(CHAR(65 + seq % 26), ").append(rest).append("))");
    prepare(server);
    fill(server, eventSize, bytes, value.toString());
  }

  private static void fill(DatabaseServer server, int eventSize, long bytes, String value) {
    long transactions = Math.max(1, bytes / eventSize / ROWS_PER_TRANSACTION);
    while (transactions > 0) {
      long now = Math.min(transactions, TRANSACTIONS_AT_ONCE);
      if (server.installation().isMySql()) {
        server.execute("CALL bench.fill(" + now + ", " + (eventSize - AROUND_ROW) + ")");
      } else {
        server.execute(
            String.format(
                Locale.ROOT,
                "BEGIN NOT ATOMIC FOR i IN 1..%d DO INSERT INTO bench.t "
                    + "SELECT %s FROM bench.seq_1_to_%d; END FOR; END",
                now,
                value,
                ROWS_PER_TRANSACTION),
            "TRUNCATE TABLE bench.t");
      }
      transactions -= now;
    }
    server.execute("FLUSH BINARY LOGS");
  }
}

package io.sluice.benchmarks.intake;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.process.HeldMemory;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/**
 * A real replica: its I/O thread alone, which writes the relay log; or all of it, up to its own
 * binlog, as somebody would use it to relieve a master.
 */
public final class ReplicaTaker implements LogTaker {
  private static final int FIRST_EVENT = 4;

  private final String name;
  private final MariaDbServer replica;
  private final IntakeLog log;
  private final boolean whole;

  private ReplicaTaker(String name, MariaDbServer replica, IntakeLog log, boolean whole) {
    this.name = name;
    this.replica = replica;
    this.log = log;
    this.whole = whole;
  }

  /** A server to be a replica with a binlog of its own; nothing limits its relay log. */
  public static MariaDbServer.Builder replica() {
    return MariaDbServer.builder()
        .binlog("own-bin")
        .serverId(2)
        .option("log_slave_updates")
        // One event for each row, as its master has it.
        .option("binlog_row_event_max_size", "256")
        .option("binlog_annotate_row_events", "OFF")
        .option("relay_log_space_limit", "0")
        .option("max_relay_log_size", "1073741824")
        .option("max_binlog_size", "1073741824")
        .option("binlog_cache_size", "4M")
        .option("binlog_stmt_cache_size", "4M")
        .option("innodb_flush_log_at_trx_commit", "0")
        .option("sync_binlog", "0");
  }

  /** Its I/O thread, which takes both files. */
  public static ReplicaTaker inputThread(MariaDbServer replica, IntakeLog log) {
    return new ReplicaTaker("MariaDB 11.4 replica, I/O thread", replica, log, false);
  }

  /**
   * All of it: counts what was applied of both files, and what the whole of both costs; there is
   * nothing to warm up.
   */
  public static ReplicaTaker intermediate(MariaDbServer replica, IntakeLog log) {
    return new ReplicaTaker("MariaDB 11.4 intermediate, applies and logs", replica, log, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public IntakeMeter.Figures take(int turn) throws SQLException {
    Replication.resetSlaveAll(replica);
    replica.execute("RESET MASTER");
    Replication.change(
        replica,
        "MASTER_HOST='127.0.0.1', MASTER_PORT="
            + log.master().port()
            + ", MASTER_USER='"
            + Account.REPLICA
            + "', MASTER_PASSWORD='"
            + Account.PASSWORD
            + "', MASTER_USE_GTID=no, MASTER_LOG_FILE='"
            + log.first()
            + "', MASTER_LOG_POS="
            + FIRST_EVENT);
    ProcessMeter own = new ProcessMeter(replica.pid());
    own.resetPeak();
    try (HeldMemory held = HeldMemory.take(replica.dataDir(), log.secondSize());
        Connection connection = replica.connect();
        Statement statement = connection.createStatement()) {
      IntakeMeter meter =
          new IntakeMeter(
              () -> arrived(statement),
              () -> Replication.dump(replica),
              own,
              new ProcessMeter(log.master().pid()));
      IntakeMeter.Figures figures =
          meter.watch(
              whole ? 0 : log.firstSize(),
              log.size(),
              held,
              () -> replica.execute(whole ? "START SLAVE" : "START SLAVE IO_THREAD"));
      check();
      return figures;
    } finally {
      Replication.stopSlave(replica);
      Replication.resetSlaveAll(replica);
    }
  }

  private long arrived(Statement statement) {
    String file = whole ? "Relay_Master_Log_File" : "Master_Log_File";
    String position = whole ? "Exec_Master_Log_Pos" : "Read_Master_Log_Pos";
    try (ResultSet status = statement.executeQuery("SHOW SLAVE STATUS")) {
      status.next();
      long offset = log.offset(status.getString(file), status.getLong(position));
      // Where it will begin is not yet something that has arrived.
      return offset == FIRST_EVENT ? 0 : offset;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** It says that it has everything: then so many bytes are in its files. */
  private void check() {
    String files = whole ? "own-bin." : "relay-bin.";
    try (Stream<Path> all = Files.list(replica.dataDir())) {
      long bytes = 0;
      for (Path file : all.filter(f -> isPart(f, files)).toList()) {
        bytes += Files.size(file);
      }
      // What belongs to files and not to events differs by some hundred bytes for each file.
      long least = log.size() - log.size() / 100;
      if (bytes < least) {
        throw new IllegalStateException(
            files + "*: " + bytes + " bytes (expected: at least " + least + ")");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isPart(Path file, String name) {
    return file.getFileName().toString().matches(name + "[0-9]+");
  }
}

package io.sluice.testkit.server;

import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pointing MariaDB replicas at a master or a relay, waiting for them, comparing data. Blocking, any
 * thread. Failure texts contain the replica's whole {@code SHOW SLAVE STATUS}.
 */
public final class Replication {
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  private Replication() {}

  /** Which of the replica's GTID variables gives the start position. */
  public enum Gtid {
    SLAVE_POS("slave_pos"),
    CURRENT_POS("current_pos");

    private final String sql;

    Gtid(String sql) {
      this.sql = sql;
    }
  }

  /** Address and account of a master or a relay. */
  public record Source(String host, int port, String user, String password) {
    /** A source at a server that runs here. */
    public static Source of(MariaDbServer server, String user, String password) {
      return new Source(server.host(), server.port(), user, password);
    }

    private String sql() {
      return "MASTER_HOST='"
          + host
          + "', MASTER_PORT="
          + port
          + ", MASTER_USER='"
          + user
          + "', MASTER_PASSWORD='"
          + password
          + "', MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=2";
    }
  }

  /** Stops the replica, points it at the source by GTID and starts it. */
  public static void start(MariaDbServer replica, Source source, Gtid gtid) {
    change(replica, source.sql() + ", MASTER_USE_GTID=" + gtid.sql);
    startSlave(replica);
  }

  /** Stops the replica, points it at the source by file and position and starts it. */
  public static void start(MariaDbServer replica, Source source, String file, long position) {
    change(
        replica,
        source.sql()
            + ", MASTER_USE_GTID=no, MASTER_LOG_FILE='"
            + file
            + "', MASTER_LOG_POS="
            + position);
    startSlave(replica);
  }

  /** {@code STOP SLAVE; CHANGE MASTER TO …} without starting. */
  public static void change(MariaDbServer replica, String changeMasterOptions) {
    // Servers before 11.4 do not verify by default, and know the option all the same.
    replica.execute(
        "STOP SLAVE",
        "CHANGE MASTER TO " + changeMasterOptions + ", MASTER_SSL_VERIFY_SERVER_CERT=0");
  }

  public static void startSlave(MariaDbServer replica) {
    replica.execute("START SLAVE");
  }

  public static void stopSlave(MariaDbServer replica) {
    replica.execute("STOP SLAVE");
  }

  /** {@code SHOW SLAVE STATUS}; empty if the server is no replica. */
  public static Map<String, @Nullable String> status(MariaDbServer replica) {
    return replica.queryMap("SHOW SLAVE STATUS");
  }

  /** Waits until both replication threads run. */
  public static void awaitRunning(MariaDbServer replica) {
    Await.until(
        replica + " replicates",
        CATCH_UP,
        () -> {
          Map<String, @Nullable String> status = status(replica);
          return "Yes".equals(status.get("Slave_IO_Running"))
              && "Yes".equals(status.get("Slave_SQL_Running"));
        },
        () -> dump(replica));
  }

  /** Waits until the replica has applied all that the master has in its binlog at this moment. */
  public static void awaitCaughtUp(MariaDbServer master, MariaDbServer... replicas) {
    String gtid = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos"));
    for (MariaDbServer replica : replicas) {
      awaitGtid(replica, gtid, CATCH_UP);
    }
  }

  /** Waits until {@code gtid_slave_pos} has reached each domain of the GTID position. */
  public static void awaitGtid(MariaDbServer replica, String gtid, Duration timeout) {
    Map<Long, Long> wanted = sequences(gtid);
    Await.until(
        replica + " reaches GTID " + gtid,
        timeout,
        () -> {
          Map<Long, Long> reached =
              sequences(String.valueOf(replica.queryString("SELECT @@gtid_slave_pos")));
          return wanted.entrySet().stream()
              .allMatch(e -> reached.getOrDefault(e.getKey(), 0L) >= e.getValue());
        },
        () -> dump(replica));
  }

  /** Waits until the I/O thread has stopped with that error number. */
  public static Map<String, @Nullable String> awaitIoError(MariaDbServer replica, int errorCode) {
    return Await.value(
        replica + " stops with I/O error " + errorCode,
        CATCH_UP,
        () -> status(replica),
        status -> String.valueOf(errorCode).equals(status.get("Last_IO_Errno")),
        () -> dump(replica));
  }

  /** Sequence number per domain of a MariaDB GTID position. */
  static Map<Long, Long> sequences(String gtid) {
    Map<Long, Long> result = new TreeMap<>();
    for (String part : gtid.split(",")) {
      if (!part.isBlank()) {
        String[] fields = part.strip().split("-");
        result.merge(Long.parseLong(fields[0]), Long.parseLong(fields[2]), Math::max);
      }
    }
    return result;
  }

  /** {@code SHOW SLAVE STATUS} and the log's tail as text. */
  public static String dump(MariaDbServer replica) {
    String status =
        status(replica).entrySet().stream()
            .map(e -> "  " + e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining("\n"));
    return "SHOW SLAVE STATUS of "
        + replica
        + ", gtid_slave_pos "
        + replica.queryString("SELECT @@gtid_slave_pos")
        + ":\n"
        + status
        + "\nlog:\n"
        + replica.logTail();
  }

  /** {@code CHECKSUM TABLE} of each table outside the system schemas, by {@code schema.table}. */
  public static Map<String, String> checksumTables(MariaDbServer server) {
    List<@Nullable String> tables =
        server
            .queryRows(
                "SELECT CONCAT('`', table_schema, '`.`', table_name, '`') FROM"
                    + " information_schema.tables WHERE table_type IN ('BASE TABLE', 'SEQUENCE')"
                    + " AND table_schema NOT IN ('mysql', 'sys', 'information_schema',"
                    + " 'performance_schema') ORDER BY table_schema, table_name")
            .stream()
            .map(row -> row.get(0))
            .toList();
    return checksumTables(server, tables.stream().map(String::valueOf).toList());
  }

  /** {@code CHECKSUM TABLE} of the named tables. */
  public static Map<String, String> checksumTables(MariaDbServer server, List<String> tables) {
    Map<String, String> result = new LinkedHashMap<>();
    if (!tables.isEmpty()) {
      for (List<@Nullable String> row :
          server.queryRows("CHECKSUM TABLE " + String.join(", ", tables) + " EXTENDED")) {
        result.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
      }
    }
    return result;
  }

  /** Fails unless each replica has the master's tables with the master's checksums. */
  public static void assertSameData(MariaDbServer master, MariaDbServer... replicas) {
    Map<String, String> wanted = checksumTables(master);
    for (MariaDbServer replica : replicas) {
      Map<String, String> actual = checksumTables(replica);
      if (!wanted.equals(actual)) {
        throw new AssertionError(
            "table checksums differ: master "
                + master
                + " "
                + wanted
                + ", replica "
                + replica
                + " "
                + actual
                + "\n"
                + dump(replica));
      }
    }
  }

  /** {@link #awaitCaughtUp} and {@link #assertSameData}. */
  public static void assertReplicated(MariaDbServer master, MariaDbServer... replicas) {
    awaitCaughtUp(master, replicas);
    assertSameData(master, replicas);
  }

  /** How many connections of the server are in a binlog dump. */
  public static int dumpConnections(MariaDbServer master) {
    return (int)
        master
            .sql()
            .queryLong(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'");
  }
}

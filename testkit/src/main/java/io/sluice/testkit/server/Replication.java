package io.sluice.testkit.server;

import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pointing replicas at a master or a relay, waiting for them, comparing data. Blocking, any thread.
 * Failure texts contain the replica's whole {@code SHOW SLAVE STATUS} or {@code SHOW REPLICA
 * STATUS}.
 */
public final class Replication {
  private static final Duration CATCH_UP = Duration.ofSeconds(60);
  private static final int ROWS_SHOWN = 10;
  private static final int ROW_CHARACTERS = 40;

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
    public static Source of(DatabaseServer server, String user, String password) {
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

  /** Stops the replica, points it at the source with auto position and starts it. */
  public static void start(MySqlServer replica, Source source) {
    change(replica, source.sql() + ", MASTER_AUTO_POSITION=1");
    startSlave(replica);
  }

  /** Stops the replica, points it at the source by file and position and starts it. */
  public static void start(DatabaseServer replica, Source source, String file, long position) {
    change(
        replica,
        source.sql()
            + (replica.words() == ReplicaWords.MARIADB
                ? ", MASTER_USE_GTID=no"
                : ", MASTER_AUTO_POSITION=0")
            + ", MASTER_LOG_FILE='"
            + file
            + "', MASTER_LOG_POS="
            + position);
    startSlave(replica);
  }

  /**
   * {@code STOP SLAVE; CHANGE MASTER TO …} without starting; the options in old words for all
   * servers. Unless they say more, MariaDB does not verify certificates, MySQL asks for the RSA key
   * and goes on trying, and 9.7 does not demand TLS as it would by default.
   */
  public static void change(DatabaseServer replica, String changeMasterOptions) {
    // Servers before 11.4 do not verify by default, and know the option all the same.
    String more =
        switch (replica.words()) {
          case MARIADB -> ", MASTER_SSL_VERIFY_SERVER_CERT=0";
          case MYSQL_OLD -> ", MASTER_RETRY_COUNT=86400";
          case MYSQL_NEW ->
              ", MASTER_RETRY_COUNT=86400, GET_MASTER_PUBLIC_KEY=1"
                  + (changeMasterOptions.contains("MASTER_SSL") ? "" : ", MASTER_SSL=0");
        };
    stopSlave(replica);
    replica.execute(replica.words().change(changeMasterOptions + more));
  }

  public static void startSlave(DatabaseServer replica) {
    replica.execute(replica.words().command("START"));
  }

  public static void stopSlave(DatabaseServer replica) {
    replica.execute(replica.words().command("STOP"));
  }

  public static void stopIoThread(DatabaseServer replica) {
    replica.execute(replica.words().command("STOP") + " IO_THREAD");
  }

  /** The server forgets that it was a replica. */
  public static void resetSlaveAll(DatabaseServer replica) {
    replica.execute(replica.words().command("RESET") + " ALL");
  }

  /**
   * {@code SHOW SLAVE STATUS}, also of servers that call it {@code SHOW REPLICA STATUS}, with the
   * old column names; empty if the server is no replica.
   */
  public static Map<String, @Nullable String> status(DatabaseServer replica) {
    return status(replica, replica.sql());
  }

  /** The same of a relay that speaks as that server does. */
  public static Map<String, @Nullable String> status(DatabaseServer like, SqlClient relay) {
    Map<String, @Nullable String> result = new LinkedHashMap<>();
    relay
        .queryMap(like.words().status())
        .forEach((column, value) -> result.put(like.words().oldName(column), value));
    return result;
  }

  /** What {@link #change} executes, for a relay that speaks as that server does. */
  public static String changeStatement(DatabaseServer like, String changeMasterOptions) {
    return like.words().change(changeMasterOptions);
  }

  /** {@code START SLAVE} for a relay that speaks as that server does; or another verb. */
  public static String statement(DatabaseServer like, String verb) {
    return like.words().command(verb);
  }

  /** Waits until both replication threads run. */
  public static void awaitRunning(DatabaseServer replica) {
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

  /**
   * Waits until the replica has applied all that the master has in its binlog at this moment: its
   * GTIDs, or for a MySQL master without GTIDs its end of the binlog.
   */
  public static void awaitCaughtUp(DatabaseServer master, DatabaseServer... replicas) {
    if (master instanceof MySqlServer source && !source.isGtidMode()) {
      DatabaseServer.BinlogEnd end = master.binlogEnd();
      for (DatabaseServer replica : replicas) {
        awaitPosition(replica, end.file(), end.position(), CATCH_UP);
      }
      return;
    }
    String gtid = String.valueOf(master.queryString(master.words().loggedGtids()));
    for (DatabaseServer replica : replicas) {
      awaitGtid(replica, gtid, CATCH_UP);
    }
  }

  /** Waits until the replica has applied each domain, or the whole set, of the GTID position. */
  public static void awaitGtid(DatabaseServer replica, String gtid, Duration timeout) {
    awaitApplied(
        replica,
        "GTID " + gtid,
        timeout,
        () ->
            replica.words() == ReplicaWords.MARIADB
                ? hasSequences(replica, sequences(gtid))
                : hasSet(replica, gtid));
  }

  /** Does not wait for a replica that has stopped at something that it cannot apply. */
  private static void awaitApplied(
      DatabaseServer replica, String what, Duration timeout, BooleanSupplier reached) {
    AtomicBoolean applied = new AtomicBoolean();
    Await.until(
        replica + " reaches " + what,
        timeout,
        () -> {
          applied.set(reached.getAsBoolean());
          return applied.get() || !"0".equals(status(replica).getOrDefault("Last_SQL_Errno", "0"));
        },
        () -> dump(replica));
    if (!applied.get()) {
      throw new AssertionError(replica + " stopped before " + what + "\n" + dump(replica));
    }
  }

  private static boolean hasSequences(DatabaseServer replica, Map<Long, Long> wanted) {
    Map<Long, Long> reached = sequences(appliedGtids(replica));
    return wanted.entrySet().stream()
        .allMatch(e -> reached.getOrDefault(e.getKey(), 0L) >= e.getValue());
  }

  private static boolean hasSet(DatabaseServer replica, String wanted) {
    return "1"
        .equals(
            replica.queryString("SELECT GTID_SUBSET('" + wanted + "', @@GLOBAL.gtid_executed)"));
  }

  private static String appliedGtids(DatabaseServer replica) {
    return String.valueOf(replica.queryString(replica.words().appliedGtids()));
  }

  /** Waits until the replica has applied its source's binlog up to there. */
  public static void awaitPosition(
      DatabaseServer replica, String file, long position, Duration timeout) {
    awaitApplied(
        replica,
        file + ":" + position,
        timeout,
        () -> {
          Map<String, @Nullable String> status = status(replica);
          String applied = String.valueOf(status.get("Relay_Master_Log_File"));
          int compared = applied.isEmpty() ? -1 : applied.compareTo(file);
          return compared > 0
              || (compared == 0
                  && Long.parseLong(String.valueOf(status.get("Exec_Master_Log_Pos"))) >= position);
        });
  }

  /**
   * Waits until the I/O thread no longer runs because of that error: while it ends it may have
   * another one first.
   */
  public static Map<String, @Nullable String> awaitIoError(DatabaseServer replica, int errorCode) {
    return Await.value(
        replica + " stops with I/O error " + errorCode,
        CATCH_UP,
        () -> status(replica),
        status ->
            String.valueOf(errorCode).equals(status.get("Last_IO_Errno"))
                && !"Yes".equals(status.get("Slave_IO_Running")),
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
  public static String dump(DatabaseServer replica) {
    String status =
        status(replica).entrySet().stream()
            .map(e -> "  " + e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining("\n"));
    return "SHOW SLAVE STATUS of "
        + replica
        + ", applied GTIDs "
        + appliedGtids(replica)
        + ":\n"
        + status
        + "\nlog:\n"
        + replica.logTail();
  }

  /** {@code CHECKSUM TABLE} of each table outside the system schemas, by {@code schema.table}. */
  public static Map<String, String> checksumTables(DatabaseServer server) {
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
  public static Map<String, String> checksumTables(DatabaseServer server, List<String> tables) {
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
  public static void assertSameData(DatabaseServer master, DatabaseServer... replicas) {
    Map<String, String> wanted = checksumTables(master);
    for (DatabaseServer replica : replicas) {
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
                + differences(master, replica, wanted, actual)
                + dump(replica));
      }
    }
  }

  /** For each table that differs the number of rows, and the rows that one side lacks. */
  private static String differences(
      DatabaseServer master,
      DatabaseServer replica,
      Map<String, String> wanted,
      Map<String, String> actual) {
    StringBuilder text = new StringBuilder();
    wanted.forEach(
        (table, checksum) -> {
          if (actual.containsKey(table) && !checksum.equals(actual.get(table))) {
            text.append(table)
                .append(": only at the master ")
                .append(onlyAt(master, replica, table))
                .append(", only at the replica ")
                .append(onlyAt(replica, master, table))
                .append('\n');
          }
        });
    return text.toString();
  }

  private static String onlyAt(DatabaseServer here, DatabaseServer there, String table) {
    List<String> rows = rowDigests(here, table);
    rows.removeAll(new HashSet<>(rowDigests(there, table)));
    return rows.size() + " rows " + rows.subList(0, Math.min(rows.size(), ROWS_SHOWN));
  }

  /** The beginning of each row, and a hash of all of it. */
  private static List<String> rowDigests(DatabaseServer server, String table) {
    List<String> rows = new ArrayList<>();
    for (List<@Nullable String> row : server.queryRows("SELECT * FROM " + table)) {
      String text = String.valueOf(row);
      rows.add(
          text.substring(0, Math.min(text.length(), ROW_CHARACTERS))
              + "#"
              + Integer.toHexString(text.hashCode()));
    }
    return rows;
  }

  /** {@link #awaitCaughtUp} and {@link #assertSameData}. */
  public static void assertReplicated(DatabaseServer master, DatabaseServer... replicas) {
    awaitCaughtUp(master, replicas);
    assertSameData(master, replicas);
  }

  /** How many connections of the server are in a binlog dump. */
  public static int dumpConnections(DatabaseServer master) {
    return (int)
        master
            .sql()
            .queryLong(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'");
  }
}

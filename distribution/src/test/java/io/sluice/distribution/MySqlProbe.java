package io.sluice.distribution;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Replication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A real MySQL replica that is asked again and again: point yourself there, in that state, and say
 * what came. Only its I/O thread runs, so that its data never change.
 */
final class MySqlProbe implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a relay log has of its own, and what says nothing about the source. */
  private static final Set<String> LOCAL =
      Set.of("Rotate", "Format_desc", "Previous_gtids", "Stop");

  private final MySqlServer replica;
  private final String word;

  MySqlProbe(MySqlServer replica) {
    this.replica = replica;
    this.word = replica.installation().isAtLeast(8, 4) ? "REPLICA" : "SLAVE";
  }

  /** What a replica asks for: all but these GTIDs, or what comes behind a file's position. */
  record Request(@Nullable String executed, String file, long position) {
    static Request auto(String executed) {
      return new Request(executed, "", 0);
    }

    static Request at(String file, long position) {
      return new Request(null, file, position);
    }

    private String sql() {
      return executed != null
          ? ", MASTER_AUTO_POSITION=1"
          : ", MASTER_AUTO_POSITION=0, MASTER_LOG_FILE='%s', MASTER_LOG_POS=%d"
              .formatted(file, position);
    }
  }

  /**
   * Where a stream ended and whether the I/O thread still runs, with its error if there is one;
   * {@code events} are those received.
   */
  record Outcome(
      String errno,
      String error,
      String running,
      String reached,
      String retrieved,
      List<String> events) {
    boolean failed() {
      return !errno.equals("0");
    }
  }

  /** Asks; returns when the replica has an error, or all up to the end of the source's binlog. */
  Outcome ask(Replication.Source source, Request request, DatabaseServer end) {
    pointTo(source, request);
    DatabaseServer.BinlogEnd wanted = end.binlogEnd();
    Map<String, @Nullable String> status =
        Await.value(
            request + " is answered by port " + source.port(),
            PATIENCE,
            () -> Replication.status(replica),
            s ->
                stopped(s)
                    || ("Yes".equals(s.get("Slave_IO_Running"))
                        && reached(s).equals(wanted.file() + ":" + wanted.position())),
            () -> Replication.dump(replica));
    List<String> events = received();
    return outcome(source, status, retrieved(Replication.status(replica)), events);
  }

  /** No GTIDs, no source. */
  void reset() {
    replica.execute(
        "STOP " + word,
        "RESET " + word + " ALL",
        word.equals("SLAVE") ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS");
  }

  /** Starts anew to receive from there. */
  void pointTo(Replication.Source source, Request request) {
    reset();
    if (request.executed() != null && !request.executed().isEmpty()) {
      replica.execute("SET GLOBAL gtid_purged = '" + request.executed() + "'");
    }
    Replication.change(
        replica,
        "MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s', MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1"
                .formatted(source.host(), source.port(), source.user(), source.password())
            + request.sql());
    replica.execute("START " + word + " IO_THREAD");
  }

  /**
   * Waits until the I/O thread is in that state: Yes, No or Connecting. It says Yes once it is
   * logged in, before it has asked for the source's variables; {@link #awaitReceived} waits for
   * more.
   */
  Outcome awaitRunning(Replication.Source source, String state) {
    Map<String, @Nullable String> status =
        Await.value(
            replica + " has its I/O thread in state " + state,
            PATIENCE,
            () -> Replication.status(replica),
            s ->
                state.equals(s.get("Slave_IO_Running"))
                    && (state.equals("Yes") || !"0".equals(s.get("Last_IO_Errno"))),
            () -> Replication.dump(replica));
    return outcome(source, status, "", List.of());
  }

  /** Waits until the replica has received all that the server has in its binlog now. */
  void awaitReceived(DatabaseServer server) {
    DatabaseServer.BinlogEnd end = server.binlogEnd();
    Await.until(
        replica + " has received up to " + end,
        PATIENCE,
        () -> reached(Replication.status(replica)).equals(end.file() + ":" + end.position()),
        () -> Replication.dump(replica));
  }

  private static Outcome outcome(
      Replication.Source source,
      Map<String, @Nullable String> status,
      String retrieved,
      List<String> events) {
    return new Outcome(
        String.valueOf(status.get("Last_IO_Errno")),
        String.valueOf(status.get("Last_IO_Error"))
            .replace(source.host() + ":" + source.port(), "HOST:PORT")
            .replaceFirst("attempt \\d+/", "attempt N/")
            .replaceFirst("retries: \\d+", "retries: N"),
        String.valueOf(status.get("Slave_IO_Running")),
        reached(status),
        retrieved,
        events);
  }

  /** Older servers read it at another moment than the position: exact only when all is quiet. */
  private static String retrieved(Map<String, @Nullable String> status) {
    return String.valueOf(status.get("Retrieved_Gtid_Set")).replace("\n", "");
  }

  /** An error that stays: while a thread ends it says for a moment that it runs. */
  private static boolean stopped(Map<String, @Nullable String> status) {
    return !"0".equals(status.get("Last_IO_Errno"))
        && !"Yes".equals(status.get("Slave_IO_Running"));
  }

  private static String reached(Map<String, @Nullable String> status) {
    return status.get("Master_Log_File") + ":" + status.get("Read_Master_Log_Pos");
  }

  /** The events in the relay logs, without their places in them. */
  private List<String> received() {
    replica.execute("STOP " + word + " IO_THREAD", "FLUSH RELAY LOGS");
    List<String> events = new ArrayList<>();
    for (String file : relayLogs()) {
      for (Map<String, @Nullable String> row :
          replica.sql().queryMaps("SHOW RELAYLOG EVENTS IN '" + file + "'")) {
        if (!LOCAL.contains(String.valueOf(row.get("Event_type")))) {
          events.add(
              row.get("Event_type")
                  + " "
                  + row.get("Server_id")
                  + " "
                  + row.get("End_log_pos")
                  + " "
                  + row.get("Info"));
        }
      }
    }
    return events;
  }

  private List<String> relayLogs() {
    try {
      return Files.readAllLines(replica.dataDir().resolve("relay-bin.index")).stream()
          .map(line -> Path.of(line).getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MySqlServer server() {
    return replica;
  }

  @Override
  public void close() {
    replica.close();
  }
}

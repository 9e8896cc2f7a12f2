package io.sluice.distribution;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real replica that is asked again and again: point yourself there, in that state, and say what
 * came. Only its I/O thread runs, so that its data never change.
 */
final class ReplicaProbe implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MariaDbServer replica;

  ReplicaProbe(MariaDbServer replica) {
    this.replica = replica;
  }

  /**
   * What a replica asks for. {@code gtid}: its {@code gtid_slave_pos}, or null for a file and a
   * position.
   */
  record Request(@Nullable String gtid, String file, long position, boolean strict) {
    static Request gtid(String position) {
      return new Request(position, "", 0, false);
    }

    static Request strictGtid(String position) {
      return new Request(position, "", 0, true);
    }

    static Request at(String file, long position) {
      return new Request(null, file, position, false);
    }

    private String sql() {
      return gtid != null
          ? "MASTER_USE_GTID=slave_pos"
          : "MASTER_USE_GTID=no, MASTER_LOG_FILE='" + file + "', MASTER_LOG_POS=" + position;
    }
  }

  /** Where a stream ended, and the error if one ended it; {@code events} are those received. */
  record Outcome(String errno, String error, String reached, List<String> events) {
    boolean failed() {
      return !errno.equals("0");
    }
  }

  /** Asks; returns when the replica has an error, or all up to the end of the master's binlog. */
  Outcome ask(Replication.Source source, Request request, MariaDbServer master) {
    replica.execute(
        "STOP SLAVE",
        "RESET SLAVE ALL",
        "SET GLOBAL gtid_strict_mode = " + (request.strict() ? 1 : 0),
        "SET GLOBAL gtid_slave_pos = '" + (request.gtid() == null ? "" : request.gtid()) + "'");
    receive(replica, source, request);
    List<String> end = Objects.requireNonNull(master.queryRow("SHOW MASTER STATUS"));
    Map<String, @Nullable String> status =
        Await.value(
            request + " is answered by port " + source.port(),
            PATIENCE,
            () -> Replication.status(replica),
            s -> stopped(s) || reached(s).startsWith(end.get(0) + ":" + end.get(1)),
            () -> Replication.dump(replica));
    return new Outcome(
        String.valueOf(status.get("Last_IO_Errno")),
        String.valueOf(status.get("Last_IO_Error"))
            .replace(source.host() + ":" + source.port(), "HOST:PORT"),
        reached(status),
        received());
  }

  /** Why this replica lost its stream when another one with its server id came. */
  String sameId(Replication.Source source, MariaDbServer twin, String file) {
    long before = streamErrors().count();
    for (MariaDbServer server : List.of(replica, twin)) {
      server.execute("STOP SLAVE", "RESET SLAVE ALL");
      receive(server, source, Request.at(file, 4));
      Await.until(
          server + " receives",
          PATIENCE,
          () -> "Yes".equals(Replication.status(server).get("Slave_IO_Running")),
          () -> Replication.dump(server));
    }
    Await.until(
        "the older replica loses its stream",
        PATIENCE,
        () -> streamErrors().count() > before,
        () -> Replication.dump(replica));
    twin.execute("STOP SLAVE", "RESET SLAVE ALL");
    replica.execute("STOP SLAVE", "RESET SLAVE ALL");
    return streamErrors().skip(before).findFirst().orElseThrow();
  }

  private static void receive(MariaDbServer server, Replication.Source source, Request request) {
    Replication.change(
        server,
        "MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s', MASTER_CONNECT_RETRY=1, "
                .formatted(source.host(), source.port(), source.user(), source.password())
            + request.sql());
    server.execute("START SLAVE IO_THREAD");
  }

  private Stream<String> streamErrors() {
    return replica
        .log()
        .lines()
        .filter(line -> line.contains("Error reading packet from server"))
        .map(line -> line.substring(line.indexOf("Error reading packet")));
  }

  /**
   * An error that stays: while a thread ends it says for a moment that it runs, and may have one
   * error after the other (first the checksum, then that the event was not queued).
   */
  private static boolean stopped(Map<String, @Nullable String> status) {
    return !"0".equals(status.get("Last_IO_Errno"))
        && !"Yes".equals(status.get("Slave_IO_Running"));
  }

  private static String reached(Map<String, @Nullable String> status) {
    return status.get("Master_Log_File") + ":" + status.get("Read_Master_Log_Pos");
  }

  /** The events in the relay logs, without their places in them. */
  private List<String> received() {
    replica.execute("STOP SLAVE IO_THREAD", "FLUSH RELAY LOGS");
    List<String> events = new ArrayList<>();
    for (String file : relayLogs()) {
      for (Map<String, @Nullable String> row :
          replica.sql().queryMaps("SHOW RELAYLOG EVENTS IN '" + file + "'")) {
        String type = String.valueOf(row.get("Event_type"));
        // A relay log is cut where the replica likes; its own rotations are none of the master.
        if (!type.equals("Rotate")
            && !type.equals("Format_desc")
            && !type.equals("Gtid_list")
            && !type.equals("Binlog_checkpoint")) {
          events.add(type + " " + row.get("Server_id") + " " + row.get("Info"));
        }
      }
    }
    return events;
  }

  private List<String> relayLogs() {
    Path index = replica.dataDir().resolve("relay-bin.index");
    try {
      return Files.readAllLines(index).stream()
          .map(line -> Path.of(line).getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MariaDbServer server() {
    return replica;
  }

  @Override
  public void close() {
    replica.close();
  }
}

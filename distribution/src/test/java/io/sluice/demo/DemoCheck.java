package io.sluice.demo;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what must be equal, and prints each comparison. Counts the differences. */
final class DemoCheck {
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final DemoCluster cluster;
  private final PrintStream out;
  private int differences;

  DemoCheck(DemoCluster cluster, PrintStream out) {
    this.cluster = cluster;
    this.out = out;
  }

  /** Waits until all have caught up, then compares; the number of differences. */
  int run(DemoWorkload workload) throws SQLException {
    Set<String> readers = workload.readers();
    String writer = workload.writer();
    cluster.awaitByPosition();
    Replication.awaitCaughtUp(cluster.master(), cluster.replica1());
    awaitRelay();

    out.println();
    rows();
    files();
    positions();
    int dumps = Replication.dumpConnections(cluster.master());
    report("binlog dump connections at the master", dumps == 1, "1", Integer.toString(dumps));
    report(
        "reads through the read-write split went to replicas (server ids)",
        !readers.isEmpty() && Set.of("2", "3").containsAll(readers),
        "2 and 3",
        String.join(", ", readers));
    report("transactions went to the master (server id)", writer.equals("1"), "1", writer);
    boolean alive = cluster.sluice().isRunning();
    report("Sluice still runs", alive, "yes", alive ? "yes" : "no");
    return differences;
  }

  private void awaitRelay() {
    Await.until(
        "the relay shows the master's position",
        WAIT,
        () -> cluster.relayStatus().equals(cluster.masterStatus()),
        () -> "master " + cluster.masterStatus() + ", relay " + cluster.relayStatus());
  }

  private void rows() {
    Map<String, String> wanted = Replication.checksumTables(cluster.master());
    int number = 1;
    for (MariaDbServer replica : cluster.replicas()) {
      Map<String, String> actual = Replication.checksumTables(replica);
      Set<String> tables = new TreeSet<>(wanted.keySet());
      tables.addAll(actual.keySet());
      for (String table : tables) {
        String there = wanted.getOrDefault(table, "(no such table)");
        String here = actual.getOrDefault(table, "(no such table)");
        report(
            "row checksum of " + table + " on replica" + number, there.equals(here), there, here);
      }
      number++;
    }
  }

  private void files() {
    Map<String, Path> stored = new TreeMap<>();
    for (Path file : cluster.relayFiles()) {
      stored.put(file.getFileName().toString(), file);
    }
    List<String> closed = cluster.master().closedBinlogFiles();
    report("closed binlog files", closed.size() >= 3, "3 or more", Integer.toString(closed.size()));
    for (String file : closed) {
      String there = cluster.master().binlogSha256(file);
      Path copy = stored.get(file);
      String here = copy == null ? "(not stored)" : MariaDbServer.sha256(copy);
      report("SHA-256 of " + file + " at the relay", there.equals(here), there, here);
    }
  }

  private void positions() {
    report(
        "position of the relay",
        cluster.masterStatus().equals(cluster.relayStatus()),
        String.join(":", cluster.masterStatus()),
        String.join(":", cluster.relayStatus()));
  }

  private void report(String what, boolean equal, String wanted, String actual) {
    if (equal) {
      out.println("  ok         " + what + ": " + actual);
    } else {
      differences++;
      out.println("  DIFFERENT  " + what + ": " + actual + " (expected: " + wanted + ")");
    }
  }
}

package io.sluice.demo;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Replication;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints where master, relay and replicas are; on a terminal over and over at the same place. */
final class LiveTable {
  private static final String ROW = "  %-10s %-18s %12s   %-14s %s%n";

  private final DemoCluster cluster;
  private final PrintStream out;
  private final boolean terminal;
  private int lines;

  LiveTable(DemoCluster cluster, PrintStream out, boolean terminal) {
    this.cluster = cluster;
    this.out = out;
    this.terminal = terminal;
  }

  void print(long orders, long seconds) {
    List<String> master = cluster.masterStatus();
    List<String> relay = relay();
    String gtid = String.valueOf(cluster.master().queryString("SELECT @@gtid_binlog_pos"));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "  after %d s: %d orders, %d dump connection(s) at the master%n",
            seconds,
            orders,
            Replication.dumpConnections(cluster.master())));
    text.append(row("", "file", "position", "GTID", "behind"));
    text.append(row("master", master.get(0), master.get(1), gtid, ""));
    text.append(row("relay", relay.get(0), relay.get(1), relay.get(2), bytesBehind(master, relay)));
    int number = 1;
    for (MariaDbServer replica : cluster.replicas()) {
      text.append(replicaRow("replica" + number++, replica, gtid));
    }
    if (terminal && lines > 0) {
      out.print("\u001b[" + lines + "A\u001b[J");
    }
    lines = (int) text.chars().filter(c -> c == '\n').count();
    out.print(text);
    out.flush();
  }

  private List<String> relay() {
    try {
      return cluster.relayPosition();
    } catch (RuntimeException e) {
      return List.of("not reachable", "-", "");
    }
  }

  private String replicaRow(String name, MariaDbServer replica, String masterGtid) {
    Map<String, @Nullable String> status = Replication.status(replica);
    String gtid = String.valueOf(replica.queryString("SELECT @@gtid_slave_pos"));
    long behind = Math.max(0, sequence(masterGtid) - sequence(gtid));
    return row(
        name,
        String.valueOf(status.get("Relay_Master_Log_File")),
        String.valueOf(status.get("Exec_Master_Log_Pos")),
        gtid,
        behind + " transactions, " + status.get("Seconds_Behind_Master") + " s");
  }

  private static String bytesBehind(List<String> master, List<String> relay) {
    if (!master.get(0).equals(relay.get(0))) {
      return "in another file";
    }
    return (Long.parseLong(master.get(1)) - Long.parseLong(relay.get(1))) + " bytes";
  }

  private static long sequence(String gtid) {
    int dash = gtid.lastIndexOf('-');
    return dash < 0 ? 0 : Long.parseLong(gtid.substring(dash + 1));
  }

  private static String row(String name, String file, String position, String gtid, String behind) {
    return String.format(Locale.ROOT, ROW, name, file, position, gtid, behind);
  }
}

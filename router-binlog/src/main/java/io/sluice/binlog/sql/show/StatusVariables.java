package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.sql.PresentedVersion;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What SHOW STATUS shows of the relay: the server's names where the relay has such a number, and no
 * others. Stateless.
 */
public final class StatusVariables {
  /** Both generations of semi-sync plugins: which of them the master has says its variables. */
  private static final String[][] SEMI_SYNC_WORDS = {{"master", "slave"}, {"source", "replica"}};

  private StatusVariables() {}

  static Map<String, String> ofMariaDb(BinlogStatus status, MasterConfig config) {
    Map<String, String> all = new TreeMap<>();
    log(status, all);
    clients(status, all);
    put(all, "Slaves_connected", status.registry().dumping());
    link(status, config, all);
    return all;
  }

  /** MySQL took the variables of the link out in 5.7; those of semi-sync come with its plugins. */
  static Map<String, String> ofMySql(BinlogStatus status, PresentedVersion version) {
    Map<String, String> all = new TreeMap<>();
    clients(status, all);
    boolean up = status.link().status().isUp();
    if (!version.isAtLeast(5, 7)) {
      all.put("Slave_heartbeat_period", seconds(status.heartbeatPeriod()));
      put(all, "Slave_received_heartbeats", status.counters().heartbeats());
      put(all, "Slave_retried_transactions", 0);
      all.put("Slave_running", up ? "ON" : "OFF");
    }
    put(all, "Slave_open_temp_tables", 0);
    if (version.isAtLeast(8, 0, 26)) {
      put(all, "Replica_open_temp_tables", 0);
    }
    String acknowledging = up && status.counters().isAcknowledging() ? "ON" : "OFF";
    for (String[] words : SEMI_SYNC_WORDS) {
      if (status.variables().get("rpl_semi_sync_" + words[0] + "_enabled") != null) {
        put(all, "Rpl_semi_sync_" + words[0] + "_clients", status.registry().semiSyncClients());
      }
      if (status.variables().get("rpl_semi_sync_" + words[1] + "_enabled") != null) {
        all.put("Rpl_semi_sync_" + words[1] + "_status", acknowledging);
      }
    }
    return all;
  }

  private static void put(Map<String, String> all, String name, long value) {
    all.put(name, Long.toString(value));
  }

  private static void log(BinlogStatus status, Map<String, String> all) {
    all.put("Binlog_snapshot_file", status.store().watermark().file().name());
    put(all, "Binlog_snapshot_position", status.store().watermark().offset());
  }

  private static void clients(BinlogStatus status, Map<String, String> all) {
    put(all, "Bytes_received", status.clients().bytesReceived() + status.counters().bytes());
    put(all, "Bytes_sent", status.clients().bytesSent() + status.registry().sentBytes());
    put(all, "Connections", status.clients().connections());
    put(all, "Max_used_connections", status.clients().most());
    put(all, "Queries", status.clients().questions());
    put(all, "Questions", status.clients().questions());
    put(all, "Threads_connected", status.clients().size());
    put(all, "Threads_running", status.clients().running());
    put(all, "Uptime", uptimeSeconds(status));
    put(all, "Uptime_since_flush_status", uptimeSeconds(status));
  }

  private static void link(BinlogStatus status, MasterConfig config, Map<String, String> all) {
    boolean up = status.link().status().isUp();
    put(all, "Rpl_semi_sync_master_clients", status.registry().semiSyncClients());
    put(all, "Rpl_semi_sync_master_get_ack", status.registry().acks());
    put(all, "Rpl_semi_sync_slave_send_ack", status.counters().acknowledgements());
    all.put("Rpl_semi_sync_slave_status", up && status.counters().isAcknowledging() ? "ON" : "OFF");
    all.put("Rpl_status", "AUTH_MASTER");
    put(all, "Slave_connections", status.link().status().connects());
    all.put("Slave_heartbeat_period", seconds(config.heartbeatPeriod()));
    put(all, "Slave_open_temp_tables", 0);
    put(all, "Slave_received_heartbeats", status.counters().heartbeats());
    put(all, "Slave_retried_transactions", 0);
    all.put("Slave_running", up ? "ON" : "OFF");
    put(all, "Slave_skipped_errors", 0);
    put(all, "Slaves_running", up ? 1 : 0);
  }

  /** Seconds since the relay was made. */
  public static long uptimeSeconds(BinlogStatus status) {
    return Math.max(0, Duration.between(status.startedAt(), status.clock().instant()).toSeconds());
  }

  private static String seconds(Duration period) {
    return String.format(Locale.ROOT, "%.3f", period.toMillis() / 1000.0);
  }
}

package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What SHOW STATUS shows of the relay: the server's names where the relay has such a number.
 * Stateless.
 */
public final class StatusVariables {
  private StatusVariables() {}

  static Map<String, String> of(BinlogStatus status) {
    Map<String, String> all = new TreeMap<>();
    all.put("Binlog_snapshot_file", status.store().watermark().file().name());
    all.put("Binlog_snapshot_position", Long.toString(status.store().watermark().offset()));
    all.put("Bytes_received", Long.toString(status.counters().bytes()));
    all.put("Bytes_sent", Long.toString(status.registry().sentBytes()));
    all.put("Slave_heartbeat_period", heartbeat(status));
    all.put("Slave_received_heartbeats", Long.toString(status.counters().heartbeats()));
    all.put("Slave_running", status.link().status().isUp() ? "ON" : "OFF");
    all.put("Slaves_connected", Integer.toString(status.registry().dumping()));
    all.put("Threads_connected", Integer.toString(status.registry().all().size() + 1));
    all.put("Uptime", Long.toString(uptimeSeconds(status)));
    return all;
  }

  /** Seconds since the relay was made. */
  public static long uptimeSeconds(BinlogStatus status) {
    return Math.max(0, Duration.between(status.startedAt(), status.clock().instant()).toSeconds());
  }

  private static String heartbeat(BinlogStatus status) {
    return String.format(
        java.util.Locale.ROOT, "%.3f", status.heartbeatPeriod().toMillis() / 1000.0);
  }
}

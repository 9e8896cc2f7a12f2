package io.sluice.binlog.admin;

import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.master.LinkCounters;
import io.sluice.binlog.master.LinkFailure;
import io.sluice.binlog.master.LinkStatus;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.master.MasterLink;
import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.IntakeAlarm;
import io.sluice.binlog.store.Inventory;
import io.sluice.binlog.store.PackStatus;
import io.sluice.binlog.store.StartScans;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the relay is doing, for SQL, REST, console and metrics alike. Reads memory only; any thread.
 *
 * @param control which master, and the orders of administrators
 * @param link the link
 * @param counters what came
 * @param variables what the master says of itself
 * @param store the log
 * @param registry who is served the log
 * @param clients everybody who is logged in
 * @param clock the time
 * @param startedAt when the relay was made
 */
public record BinlogStatus(
    RelayControl control,
    MasterLink link,
    LinkCounters counters,
    MasterVariables variables,
    BinlogStore store,
    ReplicaRegistry registry,
    ClientSessions clients,
    Clock clock,
    Instant startedAt) {

  /** Where the relay keeps what administrators said of the master, in its data directory. */
  public static final String MASTER_FILE = "master.json";

  /** Which master. */
  public MasterConfig master() {
    return control.config();
  }

  /** The user that the relay logs in with. */
  public String user() {
    return master().user();
  }

  /** The first pause between attempts. */
  public Duration connectRetry() {
    return master().connectRetry();
  }

  /** What the master is asked for. */
  public Duration heartbeatPeriod() {
    return master().heartbeatPeriod();
  }

  /** What is in the log or was before it, as MySQL prints its {@code gtid_executed}. */
  public String executedGtids() {
    return store.watermark().state().toString();
  }

  /** What is in the log, as MySQL prints the set that a replica has retrieved. */
  public String retrievedGtids() {
    GtidState executed = store.watermark().state();
    GtidState purged = store.purgedState();
    return executed instanceof MySqlGtidSet all && purged instanceof MySqlGtidSet before
        ? all.subtract(before).toString()
        : executed.toString();
  }

  /** Whether MySQL's source is followed by what is here rather than by file and position. */
  public boolean autoPosition() {
    return master().useGtid() != UseGtid.NO;
  }

  /** The log's family decides; before there is one, the master's. */
  private boolean isMySql() {
    ServerFamily stored = store.family();
    MasterFacts facts = variables.facts();
    return stored == null
        ? facts != null && facts.family() == ServerFamily.MYSQL
        : stored == ServerFamily.MYSQL;
  }

  /** The replicas that are registered or have a dump under way. */
  public List<ReplicaRow> replicas() {
    Inventory inventory = store.inventory();
    List<ReplicaRow> rows = new ArrayList<>();
    for (Replica replica : registry.all()) {
      rows.add(row(replica, inventory));
    }
    return rows;
  }

  private static ReplicaRow row(Replica replica, Inventory inventory) {
    Watermark end = inventory.watermark();
    BinlogFileId file = replica.file();
    long position = replica.position();
    boolean started = !file.equals(BinlogFileId.NONE);
    long lagBytes =
        started ? behind(file, position, inventory) : end.isEmpty() ? 0 : inventory.totalSize();
    long last = replica.lastTimestamp();
    long lagSeconds = lagBytes == 0 || last == 0 ? 0 : Math.max(0, end.eventTimestamp() - last);
    return new ReplicaRow(
        replica.serverId(),
        replica.host(),
        replica.port(),
        replica.session(),
        replica.user(),
        replica.state().label(),
        file.name(),
        position,
        replica.isGtid(),
        lagBytes,
        lagSeconds,
        replica.sentBytes(),
        replica.isSemiSync(),
        replica.acks(),
        replica.acks() == 0 ? "" : replica.ackFile() + ":" + replica.ackPosition(),
        replica.averageAckMicros());
  }

  private static long behind(BinlogFileId file, long position, Inventory inventory) {
    long bytes = 0;
    for (StoredFile stored : inventory.files()) {
      int order = stored.id().compareTo(file);
      if (order == 0) {
        bytes += Math.max(0, stored.size() - position);
      } else if (order > 0) {
        bytes += stored.size();
      }
    }
    return bytes;
  }

  /** Everything, in the order to be shown. */
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("link", linkDetails());
    all.put("store", storeDetails());
    all.put("serving", serving());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ReplicaRow row : replicas()) {
      rows.add(row.toMap());
    }
    all.put("replicas", rows);
    return all;
  }

  private Map<String, Object> linkDetails() {
    LinkStatus status = link.status();
    Watermark watermark = store.watermark();
    MasterFacts facts = variables.facts();
    LinkFailure failure = status.lastFailure();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("state", status.state().kind().label());
    MasterConfig master = master();
    map.put("master_host", master.host());
    map.put("master_port", master.port());
    map.put("master_from", master.origin().label());
    map.put("using_gtid", master.useGtid().label());
    map.put("may_begin_epoch", master.mayBeginEpoch());
    map.put("wanted", master.wantsRunning() ? "running" : "stopped");
    map.put("master_server_id", facts == null ? "" : facts.serverId());
    map.put("master_version", facts == null ? "" : facts.version());
    map.put("file", watermark.file().name());
    map.put("position", watermark.offset());
    map.put("gtid", watermark.state().positionText());
    if (isMySql()) {
      map.put("retrieved_gtid_set", retrievedGtids());
      map.put("auto_position", autoPosition());
      map.put("master_uuid", facts == null ? "" : facts.serverUuid());
      map.put("master_gtid_mode", facts == null ? "" : facts.gtidMode());
    }
    map.put("received_events", counters.events());
    map.put("received_bytes", counters.bytes());
    map.put("received_heartbeats", counters.heartbeats());
    map.put("semi_sync", status.isUp() && counters.isAcknowledging());
    map.put("sent_acks", counters.acknowledgements());
    map.put("connects", status.connects());
    map.put("failures", status.failures());
    map.put("last_error_code", failure == null ? 0 : failure.code());
    map.put("last_error", failure == null ? "" : failure.message());
    map.put(
        "last_error_at", status.lastFailureAt() == null ? "" : status.lastFailureAt().toString());
    map.put("seconds_since_last_event", sinceLastEvent());
    map.put("seconds_behind_master", status.isUp() ? counters.secondsBehind() : "");
    return map;
  }

  private Object sinceLastEvent() {
    long last = counters.lastEventMillis();
    return last == 0 ? "" : Math.max(0, clock.millis() - last) / 1000;
  }

  private Map<String, Object> storeDetails() {
    Inventory inventory = store.inventory();
    Watermark durable = store.writer().durable();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("files", inventory.size());
    map.put("bytes", inventory.totalSize());
    BinlogFileId oldest = inventory.oldest();
    BinlogFileId newest = inventory.newest();
    map.put("oldest_file", oldest == null ? "" : oldest.name());
    map.put("newest_file", newest == null ? "" : newest.name());
    map.put("purged_files", store.purgedFiles());
    map.put("purged_bytes", store.purgedBytes());
    putPacking(map);
    if (isMySql()) {
      map.put("gtid_executed", executedGtids());
      map.put("gtid_purged", store.purgedState().toString());
    }
    map.put("epoch", store.watermark().file().epoch());
    map.put("durable_file", durable.file().name());
    map.put("durable_position", durable.offset());
    IntakeAlarm alarm = store.writer().alarm();
    map.put("intake", alarm == null ? "running" : "paused");
    if (alarm != null) {
      map.put("intake_alarm", alarm.message());
      map.put("intake_paused_since", alarm.since().toString());
    }
    if (!store.recovery().problems().isEmpty()) {
      map.put("problems", String.join("; ", store.recovery().problems()));
    }
    return map;
  }

  private void putPacking(Map<String, Object> map) {
    PackStatus packing = store.packing();
    map.put("packed_files", packing.packedFiles());
    map.put("packed_bytes", packing.packedBytes());
    map.put("packed_from_bytes", packing.plainBytes());
    map.put("archived_files", packing.archivedFiles());
    if (!packing.problem().isEmpty()) {
      map.put("packing_problem", packing.problem());
    }
    if (!packing.archiveProblem().isEmpty()) {
      map.put("archive_problem", packing.archiveProblem());
    }
  }

  private Map<String, Object> serving() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("replicas", registry.dumping());
    map.put("dumps", registry.dumps());
    map.put("semi_sync_replicas", registry.semiSyncClients());
    map.put("acks", registry.acks());
    map.put("clients", clients.size());
    map.put("sent_bytes", registry.sentBytes());
    StartScans scans = store.startScans();
    map.put("starts", scans.starts());
    map.put("start_scanned_bytes", scans.totalBytes());
    map.put("last_start_scanned_bytes", scans.lastBytes());
    return map;
  }
}

package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A replica that was served the log. Immutable.
 *
 * @param serverId its server id
 * @param uuid what a MySQL replica calls itself; empty if it did not
 * @param address what it reported, or the address that was seen
 * @param connected whether it is served now
 * @param lastSeen when that was last so
 * @param file the oldest file that it may ask for
 */
public record KnownReplica(
    long serverId,
    String uuid,
    String address,
    boolean connected,
    Instant lastSeen,
    BinlogFileId file) {

  /** Who it is, and what it needs. */
  Need need() {
    String seen = connected ? "connected" : "last seen " + lastSeen;
    return new Need(file, "replica " + serverId + " (" + address + ", " + seen + ")");
  }

  /**
   * For display.
   *
   * @param oldest the oldest file that is still there
   */
  Map<String, Object> toMap(BinlogFileId oldest) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("server_id", serverId);
    map.put("uuid", uuid);
    map.put("address", address);
    map.put("connected", connected);
    map.put("last_seen", lastSeen.toString());
    map.put("needs_file", file.name());
    map.put("epoch", file.epoch());
    map.put("stranded", file.compareTo(oldest) < 0);
    return map;
  }
}

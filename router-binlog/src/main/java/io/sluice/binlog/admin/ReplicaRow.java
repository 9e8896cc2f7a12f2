package io.sluice.binlog.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One replica as administrators see it. Immutable.
 *
 * @param serverId its server id
 * @param host what it reported, or its address
 * @param port what it reported
 * @param session the session's number
 * @param user the user's name
 * @param state what it is doing
 * @param file up to which file bytes were sent
 * @param position up to which position bytes were sent
 * @param gtid whether it started by GTID
 * @param lagBytes bytes of the log that were not sent yet
 * @param lagSeconds how much older the last event it got is than the newest one
 * @param sentBytes bytes sent, framing included
 * @param semiSync whether it acknowledges transactions
 * @param acks acknowledgements that came
 * @param ackedPosition the last one, file and position; empty before any
 * @param ackMicros microseconds from a transaction to its acknowledgement, on average
 */
public record ReplicaRow(
    long serverId,
    String host,
    int port,
    long session,
    String user,
    String state,
    String file,
    long position,
    boolean gtid,
    long lagBytes,
    long lagSeconds,
    long sentBytes,
    boolean semiSync,
    long acks,
    String ackedPosition,
    long ackMicros) {

  /** For display. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("server_id", serverId);
    map.put("host", host);
    map.put("port", port);
    map.put("session", session);
    map.put("user", user);
    map.put("state", state);
    map.put("file", file);
    map.put("position", position);
    map.put("gtid_mode", gtid);
    map.put("lag_bytes", lagBytes);
    map.put("lag_seconds", lagSeconds);
    map.put("sent_bytes", sentBytes);
    map.put("semi_sync", semiSync);
    map.put("acks", acks);
    map.put("acked_position", ackedPosition);
    map.put("ack_micros", ackMicros);
    return map;
  }
}

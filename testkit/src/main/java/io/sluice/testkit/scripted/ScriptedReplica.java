package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireChannel;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireResult;
import io.sluice.testkit.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A replica that applies nothing: registers with a master or a relay as a MariaDB replica does,
 * asks for a dump and collects the events. It reads on the caller's thread and only when asked to,
 * so a replica that is not asked is a slow one. Not thread-safe.
 */
public final class ScriptedReplica implements AutoCloseable {
  /** Dump flag: end with EOF at the end of the log instead of waiting. */
  public static final int NON_BLOCKING = 0x01;

  /** Dump flag of MariaDB: send ANNOTATE_ROWS events. */
  public static final int ANNOTATE = 0x02;

  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};

  private final WireClient client;
  private final long serverId;
  private final List<BinlogEvent> events = new ArrayList<>();
  private int lastSequence;
  private boolean ended;
  private @Nullable WireError error;

  private ScriptedReplica(WireClient client, long serverId) {
    this.client = client;
    this.serverId = serverId;
  }

  /** Connects and logs in; says nothing yet. */
  public static ScriptedReplica connect(
      String host, int port, String user, String password, long serverId) {
    return new ScriptedReplica(WireClient.connect(host, port, user, password), serverId);
  }

  /** The same with a small socket buffer, for a replica that will not read. */
  public static ScriptedReplica connectSlow(
      String host, int port, String user, String password, long serverId) {
    WireClient client = WireClient.openSlow(host, port);
    client.login(user, password);
    return new ScriptedReplica(client, serverId);
  }

  /** The connection, for queries in between. */
  public WireClient client() {
    return client;
  }

  public WireResult query(String sql) {
    return client.query(sql);
  }

  /** The queries of a MariaDB 10.11 replica, with capability 4, then COM_REGISTER_SLAVE. */
  public ScriptedReplica register() {
    return handshake(Duration.ofSeconds(30), 4).registerSlave();
  }

  /** The queries without the registration. */
  public ScriptedReplica handshake(Duration heartbeat, int capability) {
    query("SELECT UNIX_TIMESTAMP()");
    query("SHOW VARIABLES LIKE 'SERVER_ID'");
    query("SET @master_heartbeat_period= " + heartbeat.toNanos());
    query("SET @master_binlog_checksum= @@global.binlog_checksum");
    query("SELECT @master_binlog_checksum");
    query("SET @mariadb_slave_capability=" + capability);
    return this;
  }

  /** COM_REGISTER_SLAVE alone. */
  public ScriptedReplica registerSlave() {
    client.command(
        new WireWriter().u1(0x15).u4(serverId).u1(0).u1(0).u1(0).u2(3306).u4(0).u4(0).toBytes());
    client.expectOk();
    return this;
  }

  /** COM_BINLOG_DUMP from a file and position. */
  public ScriptedReplica dump(String file, long position, int flags) {
    client.command(
        new WireWriter().u1(0x12).u4(position).u2(flags).u4(serverId).text(file).toBytes());
    lastSequence = 0;
    return this;
  }

  /** The MariaDB GTID request: connect state, modes, then the dump. */
  public ScriptedReplica dumpGtid(String position, boolean strict, int flags) {
    query("SELECT @@GLOBAL.gtid_domain_id");
    query("SET @slave_connect_state='" + position + "'");
    query("SET @slave_gtid_strict_mode=" + (strict ? 1 : 0));
    query("SET @slave_gtid_ignore_duplicates=0");
    return dump("", 4, flags);
  }

  /**
   * The next event; null at the end of the stream: EOF, or an error that {@link #error()} tells.
   * Packet sequence numbers must follow each other.
   */
  public @Nullable BinlogEvent next() {
    if (ended) {
      return null;
    }
    WirePacket packet = client.read();
    if (packet.isError()) {
      ended = true;
      error = WireError.parse(packet);
      return null;
    }
    if (packet.isEof()) {
      ended = true;
      return null;
    }
    if (!packet.isOk()) {
      throw new AssertionError(packet + " (expected: an event)");
    }
    byte[] payload = packet.payload();
    int packets = payload.length / WireChannel.MAX_PAYLOAD + 1;
    int expected = (lastSequence + packets) & 0xFF;
    if (packet.sequence() != expected) {
      throw new AssertionError("sequence: " + packet.sequence() + " (expected: " + expected + ")");
    }
    lastSequence = packet.sequence();
    BinlogEvent event = BinlogEvent.of(Arrays.copyOfRange(payload, 1, payload.length));
    events.add(event);
    return event;
  }

  /** Reads until an event is accepted, and returns it. */
  public BinlogEvent awaitEvent(String what, Predicate<BinlogEvent> accept) {
    client.timeout(WAIT);
    while (true) {
      BinlogEvent event = next();
      if (event == null) {
        throw new AssertionError(what + ": the stream ended first, error: " + error, error);
      }
      if (accept.test(event)) {
        return event;
      }
    }
  }

  /** Reads until the GTID event of {@code domain-server-sequence} has come. */
  public BinlogEvent awaitGtid(String gtid) {
    return awaitEvent(gtid, event -> event.type() == EventTypes.GTID && event.gtid().equals(gtid));
  }

  /** Reads on until the stream ends, and returns all events so far. */
  public List<BinlogEvent> readToEnd() {
    client.timeout(WAIT);
    BinlogEvent event = next();
    while (event != null) {
      event = next();
    }
    return events();
  }

  /** Reads on until nothing has come for that long, and returns all events so far. */
  public List<BinlogEvent> readUntilQuiet(Duration quiet) {
    client.timeout(quiet);
    try {
      BinlogEvent event = next();
      while (event != null) {
        event = next();
      }
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof SocketTimeoutException)) {
        throw e;
      }
    }
    return events();
  }

  /** All events so far, heartbeats and artificial ones included. */
  public List<BinlogEvent> events() {
    return List.copyOf(events);
  }

  /** GTIDs of the groups that began, in order. */
  public List<String> gtids() {
    return events.stream()
        .filter(event -> event.type() == EventTypes.GTID)
        .map(BinlogEvent::gtid)
        .toList();
  }

  /** The ERR packet that ended the stream, if one did. */
  public @Nullable WireError error() {
    return error;
  }

  /** Reads to the end, which must be an ERR packet with that number. */
  public WireError expectError(int code) {
    readToEnd();
    WireError found = error;
    if (found == null || found.code() != code) {
      throw new AssertionError("end of stream: " + found + " (expected: ERR " + code + ")", found);
    }
    return found;
  }

  /** Whether the stream has ended. */
  public boolean ended() {
    return ended;
  }

  /**
   * The files as the received events make them up: each file that was sent from position 4 on, by
   * name, with the magic before it. (A GTID dump of MariaDB 11 may begin its first file later.)
   */
  public Map<String, byte[]> files() {
    Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
    ByteArrayOutputStream current = null;
    for (BinlogEvent event : events) {
      if (event.type() == EventTypes.ROTATE && event.isArtificial()) {
        current = null;
        if (event.rotatePosition() == MAGIC.length) {
          current = new ByteArrayOutputStream();
          current.writeBytes(MAGIC);
          files.put(event.rotateFile(event.crcMatches()), current);
        }
      } else if (event.isStored() && current != null) {
        current.writeBytes(event.bytes());
      }
    }
    Map<String, byte[]> result = new LinkedHashMap<>();
    files.forEach((name, bytes) -> result.put(name, bytes.toByteArray()));
    return result;
  }

  @Override
  public void close() {
    client.close();
  }
}

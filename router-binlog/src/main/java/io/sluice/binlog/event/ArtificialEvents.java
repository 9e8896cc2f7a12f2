package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.mysql.wire.WireWriter;
import java.nio.charset.StandardCharsets;

/**
 * Builders of the events that a master puts into a stream without having them in a file. The copy
 * of a FORMAT_DESCRIPTION is made by {@link FormatDescription#copy}. Each result belongs to the
 * caller. Stateless.
 */
public final class ArtificialEvents {
  private static final int ROOM = EventHeader.SIZE + 64;

  private static final long LOW_32_BITS = 0xffffffffL;
  private static final int HEARTBEAT_END = 0;
  private static final int HEARTBEAT_FILE = 1;
  private static final int HEARTBEAT_POSITION = 2;

  private ArtificialEvents() {}

  /**
   * The ROTATE that precedes each file: timestamp and end position 0.
   *
   * @param serverId the master's server id
   * @param position where the stream starts in the file
   * @param checksum whether the event gets a CRC-32: as the replica's
   *     {@code @master_binlog_checksum} says at first, then as the file before had it
   */
  public static ByteBuf rotate(
      ByteBufAllocator alloc, long serverId, String fileName, long position, boolean checksum) {
    ByteBuf out = alloc.buffer(ROOM);
    EventBytes.header(out, EventType.ROTATE, serverId, 0, EventHeader.FLAG_ARTIFICIAL);
    out.writeLongLE(position);
    out.writeCharSequence(fileName, StandardCharsets.UTF_8);
    return EventBytes.finish(out, checksum);
  }

  /**
   * The GTID_LIST that tells a replica where it stands.
   *
   * @param endPosition offset reached in the current file
   * @param untilReached whether the replica's UNTIL condition is fulfilled
   */
  public static ByteBuf gtidList(
      ByteBufAllocator alloc,
      long serverId,
      MariaDbBinlogState state,
      long endPosition,
      boolean untilReached,
      boolean checksum) {
    ByteBuf out = alloc.buffer(ROOM + state.size() * MariaDbBinlogState.ENTRY_SIZE);
    EventBytes.header(
        out, EventType.MARIADB_GTID_LIST, serverId, endPosition, EventHeader.FLAG_ARTIFICIAL);
    out.writeIntLE(state.size() | (untilReached ? GtidListEvent.UNTIL_REACHED : 0));
    state.encode(out);
    if (state.size() == 0) {
      out.writeShortLE(0);
    }
    return EventBytes.finish(out, checksum);
  }

  /**
   * The old HEARTBEAT (27); above 4 GiB in MariaDB's form with the position in front of the name.
   *
   * @param position offset reached in the file
   */
  public static ByteBuf heartbeat(
      ByteBufAllocator alloc, long serverId, String fileName, long position, boolean checksum) {
    ByteBuf out = alloc.buffer(ROOM);
    boolean large = position > 0xffffffffL;
    EventBytes.header(out, EventType.HEARTBEAT, serverId, large ? 0 : position, 0);
    if (large) {
      out.writeLongLE(position);
    }
    out.writeCharSequence(fileName, StandardCharsets.UTF_8);
    return EventBytes.finish(out, checksum);
  }

  /**
   * A MySQL source's HEARTBEAT (27), which has only the low 32 bits of a position.
   *
   * @param position offset reached in the file
   */
  public static ByteBuf mySqlHeartbeat(
      ByteBufAllocator alloc, long serverId, String fileName, long position, boolean checksum) {
    ByteBuf out = alloc.buffer(ROOM);
    EventBytes.header(out, EventType.HEARTBEAT, serverId, position & LOW_32_BITS, 0);
    out.writeCharSequence(fileName, StandardCharsets.UTF_8);
    return EventBytes.finish(out, checksum);
  }

  /**
   * A MySQL source's HEARTBEAT_V2 (41): file name and whole position, each with its type and its
   * length.
   *
   * @param position offset reached in the file
   */
  public static ByteBuf mySqlHeartbeatV2(
      ByteBufAllocator alloc, long serverId, String fileName, long position, boolean checksum) {
    ByteBuf out = alloc.buffer(ROOM);
    EventBytes.header(out, EventType.HEARTBEAT_V2, serverId, position & LOW_32_BITS, 0);
    byte[] name = fileName.getBytes(StandardCharsets.UTF_8);
    WireWriter.lenenc(out, HEARTBEAT_FILE);
    WireWriter.lenenc(out, name.length);
    out.writeBytes(name);
    WireWriter.lenenc(out, HEARTBEAT_POSITION);
    WireWriter.lenenc(out, WireWriter.lenencSize(position));
    WireWriter.lenenc(out, position);
    WireWriter.lenenc(out, HEARTBEAT_END);
    return EventBytes.finish(out, checksum);
  }
}

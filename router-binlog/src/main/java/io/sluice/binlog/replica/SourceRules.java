package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.FormatDescription;

/** What a stream's events are by the rules of the presented master's family. Stateless. */
sealed interface SourceRules {
  /** The rules for a request. */
  static SourceRules of(PresentedSource source, DumpRequest request) {
    return source.isMySql() ? new MySql(request) : new MariaDb(request);
  }

  /** What becomes of each type of event. */
  EventPolicy policy();

  /** Says that there was nothing for the replica up to a place. */
  ByteBuf heartbeat(
      ByteBufAllocator alloc, long serverId, String file, long position, boolean checksum);

  /** The FORMAT_DESCRIPTION of a file from whose middle the stream starts. */
  ByteBuf formatInTheMiddle(ByteBufAllocator alloc, FormatDescription format);

  /** A master without, or with its own kind of GTIDs; old replicas get events replaced. */
  record MariaDb(DumpRequest request) implements SourceRules {
    @Override
    public EventPolicy policy() {
      return new EventPolicy(request.capability(), request.annotateRows());
    }

    @Override
    public ByteBuf heartbeat(
        ByteBufAllocator alloc, long serverId, String file, long position, boolean checksum) {
      return ArtificialEvents.heartbeat(alloc, serverId, file, position, checksum);
    }

    @Override
    public ByteBuf formatInTheMiddle(ByteBufAllocator alloc, FormatDescription format) {
      return format.copy(alloc, false, false);
    }
  }

  /** A source that never replaces an event, and moves replicas by heartbeats. */
  record MySql(DumpRequest request) implements SourceRules {
    @Override
    public EventPolicy policy() {
      return EventPolicy.untouched();
    }

    @Override
    public ByteBuf heartbeat(
        ByteBufAllocator alloc, long serverId, String file, long position, boolean checksum) {
      return request.heartbeatV2()
          ? ArtificialEvents.mySqlHeartbeatV2(alloc, serverId, file, position, checksum)
          : ArtificialEvents.mySqlHeartbeat(alloc, serverId, file, position, checksum);
    }

    /** In GTID mode a tool gets the event as it is. */
    @Override
    public ByteBuf formatInTheMiddle(ByteBufAllocator alloc, FormatDescription format) {
      boolean asItIs = request.isGtid();
      return format.copy(alloc, asItIs, asItIs);
    }
  }
}

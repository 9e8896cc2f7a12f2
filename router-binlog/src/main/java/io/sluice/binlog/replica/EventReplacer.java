package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventReplacement;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes what an old MariaDB replica gets in the place of an event that it does not know. Confined
 * to the loop of the session.
 */
final class EventReplacer {
  private static final byte GTID = (byte) EventType.MARIADB_GTID.code();

  private final ByteBufAllocator alloc;
  private final EventPolicy policy;
  private String problem = "";

  EventReplacer(ByteBufAllocator alloc, EventPolicy policy) {
    this.alloc = alloc;
    this.policy = policy;
  }

  /** Why the last event cannot be replaced, in a master's words; empty if it need not be. */
  String problem() {
    return problem;
  }

  /**
   * Replaces an event that is not sent as it is.
   *
   * @return the event that takes its place, owned by the caller; null if none does, or there is a
   *     {@link #problem}
   */
  @Nullable ByteBuf replace(
      EventPolicy.Treatment treatment, ByteBuf data, int start, int length, boolean checksums) {
    problem = "";
    boolean standalone = true;
    EventPolicy.Treatment now = treatment;
    if (treatment == EventPolicy.Treatment.GTID) {
      if (length < GtidEvent.PREFIX) {
        problem = DumpErrors.CORRUPT_GTID;
        return null;
      }
      standalone = (GtidEvent.flags(data, start) & GtidEvent.STANDALONE) != 0;
      now = standalone ? policy.ofStandaloneGtid() : treatment;
    }
    if (now == EventPolicy.Treatment.DROP) {
      return null;
    }
    ByteBuf copy = alloc.buffer(length, length).writeBytes(data, start, length);
    boolean replaced =
        standalone
            ? EventReplacement.dummy(copy, 0, length, checksums)
            : EventReplacement.begin(copy, 0, length, checksums);
    if (!replaced) {
      copy.release();
      problem = tooSmall(data.getByte(start + EventHeader.TYPE_OFFSET));
      return null;
    }
    return copy;
  }

  private static String tooSmall(byte type) {
    return type == GTID
        ? DumpErrors.CORRUPT_GTID
        : EventType.of(type) == EventType.ANNOTATE_ROWS
            ? DumpErrors.SMALL_ANNOTATE
            : DumpErrors.SMALL_OTHER;
  }
}

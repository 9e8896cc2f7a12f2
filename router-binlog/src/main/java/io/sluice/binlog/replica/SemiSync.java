package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.feed.Chunk;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The semi-sync side of one dump: which events ask for an acknowledgement, and the
 * acknowledgements. Asked for is the last transaction of what was written at once, when the replica
 * gets it as soon as it is there; never one that was in the log before the dump began. Nobody waits
 * for the answers: they are counted and shown. Confined to one loop.
 */
final class SemiSync {
  private static final int MAGIC = 0xef;
  private static final int FIXED = 9;
  private static final int MAX_NAME = 512;
  private static final int MAX_PENDING = 10_000;

  /**
   * What a replica says.
   *
   * @param position up to where it has the file
   * @param file the file's name
   */
  record Ack(long position, String file) {
    /** Reads a payload; null if it is malformed. */
    static @Nullable Ack decode(ByteBuf payload) {
      int length = payload.readableBytes();
      int at = payload.readerIndex();
      if (length <= FIXED || length > FIXED + MAX_NAME || payload.getUnsignedByte(at) != MAGIC) {
        return null;
      }
      long position = payload.getLongLE(at + 1);
      return position < 0
          ? null
          : new Ack(position, payload.toString(at + FIXED, length - FIXED, StandardCharsets.UTF_8));
    }
  }

  private record Asked(String file, long position, long nanos) {}

  private final Replica replica;
  private final Watermark before;
  private final Deque<Asked> pending = new ArrayDeque<>();

  /**
   * For a dump.
   *
   * @param before what the log had when the dump began
   */
  SemiSync(Replica replica, Watermark before) {
    this.replica = replica;
    this.before = before;
  }

  /**
   * Whether the last transaction in a chunk is to be acknowledged.
   *
   * @param now what the log has
   */
  boolean wants(Chunk chunk, Watermark now) {
    return chunk.file().equals(now.file())
        && chunk.end() == now.offset()
        && isNew(chunk.file(), chunk.end());
  }

  private boolean isNew(BinlogFileId file, long end) {
    int order = file.compareTo(before.file());
    return order > 0 || (order == 0 && end > before.offset());
  }

  /** Whether an event may end a transaction; others follow one at the end of what was written. */
  static boolean mayEndGroup(EventType type) {
    return switch (type) {
      case ROTATE,
          STOP,
          FORMAT_DESCRIPTION,
          MARIADB_GTID_LIST,
          PREVIOUS_GTIDS,
          BINLOG_CHECKPOINT,
          START_ENCRYPTION ->
          false;
      default -> true;
    };
  }

  /** Which event of a chunk may end its last transaction; -1 for none. */
  static int lastGroupEnd(Chunk chunk) {
    int i = chunk.events() - 1;
    while (i >= 0 && !mayEndGroup(EventHeader.type(chunk.data(), chunk.offset(i)))) {
      i--;
    }
    return i;
  }

  /** An event went out that asks. */
  void asked(BinlogFileId file, long position, long nanos) {
    if (pending.size() == MAX_PENDING) {
      pending.removeFirst();
    }
    pending.addLast(new Asked(file.name(), position, nanos));
  }

  /** The replica has everything up to there; it may answer several questions at once. */
  void acknowledged(Ack ack, long nanos) {
    long waited = -1;
    boolean asked = pending.stream().anyMatch(entry -> isAt(entry, ack));
    while (asked) {
      Asked first = pending.removeFirst();
      asked = !isAt(first, ack);
      waited = nanos - first.nanos();
    }
    replica.acknowledged(ack.file(), ack.position(), waited);
  }

  private static boolean isAt(Asked asked, Ack ack) {
    return asked.position() == ack.position() && asked.file().equals(ack.file());
  }
}

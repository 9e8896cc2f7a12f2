package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventReplacement;

/**
 * The comment that takes the place of an event which comes in parts: each part becomes as many
 * bytes of the comment, the last one ends in the checksum. Confined to one loop.
 */
final class GiantDummy {
  private final ByteBufAllocator alloc;
  private final long length;
  private final boolean checksums;
  private final EventChecksum sum = new EventChecksum();
  private long done;

  /**
   * Begins.
   *
   * @param length bytes of the whole event, checksum included
   */
  GiantDummy(ByteBufAllocator alloc, long length, boolean checksums) {
    this.alloc = alloc;
    this.length = length;
    this.checksums = checksums;
  }

  /**
   * Replaces the next part; the first one holds the header at least.
   *
   * @return as many bytes, owned by the caller
   */
  ByteBuf replace(ByteBuf part, int size) {
    ByteBuf out = alloc.buffer(size, size);
    long data = length - (checksums ? EventChecksum.LENGTH : 0);
    int from = 0;
    out.writerIndex(size);
    if (done == 0) {
      out.setBytes(0, part, 0, size);
      from = EventReplacement.dummyHead(out, 0, data);
    }
    int body = (int) Math.max(0, Math.min(size, data - done));
    EventReplacement.spaces(out, from, body - from);
    sum.update(out, 0, body);
    for (int i = body; i < size; i++) {
      int shift = (int) (done + i - data) * 8;
      out.setByte(i, (int) (sum.value() >>> shift));
    }
    done += size;
    return out;
  }
}

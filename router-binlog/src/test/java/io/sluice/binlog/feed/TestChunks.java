package io.sluice.binlog.feed;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.store.BinlogFileId;

/** Chunks for tests of other packages. */
public final class TestChunks {
  private TestChunks() {}

  /** A chunk of whole events, which owns the buffer. */
  public static Chunk events(BinlogFileId file, long position, ByteBuf data, int[] offsets) {
    return Chunk.events(file, position, data, offsets);
  }
}

package io.sluice.binlog.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.store.BinlogFileId;
import org.junit.jupiter.api.Test;

class TailRingTest {
  private static final BinlogFileId FILE = new BinlogFileId(1, "bin.000009");
  private static final BinlogFileId NEXT = new BinlogFileId(1, "bin.000010");
  private static final int SIZE = 64 << 10;

  private static ByteBuf memory() {
    return ByteBufAllocator.DEFAULT.directBuffer(SIZE, SIZE).writeZero(SIZE);
  }

  private static Chunk chunk(
      BinlogFileId file, long position, ByteBuf memory, int from, int length) {
    ByteBuf slice = memory.retainedSlice(from, length);
    ByteBuf data = slice.retainedDuplicate();
    slice.release();
    return Chunk.events(file, position, data, new int[] {0, length});
  }

  @Test
  void shouldCountTheMemoryThatSlicesKeep() {
    TailRing ring = new TailRing(2 * SIZE);
    ByteBuf one = memory();
    ring.add(chunk(FILE, 4, one, 0, 100));
    ring.add(chunk(FILE, 104, one, 100, 100));
    assertThat(ring.bytes()).isEqualTo(SIZE);
    ByteBuf two = memory();
    ring.add(chunk(FILE, 204, two, 0, 10));
    assertThat(ring.bytes()).isEqualTo(2 * SIZE);
    ByteBuf three = memory();
    ring.add(chunk(NEXT, 4, three, 0, 10));
    assertThat(ring.bytes()).isEqualTo(2 * SIZE);
    one.release();
    assertThat(one.refCnt()).isZero();
    assertThat(ring.find(FILE, 4)).isNull();
    assertThat(ring.find(FILE, 104)).isNull();
    assertThat(ring.find(FILE, 205)).isNull();
    assertThat(ring.find(FILE, 300)).isNull();
    Chunk kept = ring.find(FILE, 204);
    Chunk next = ring.find(NEXT, 4);
    assertThat(next.file()).isEqualTo(NEXT);
    two.release();
    three.release();
    ring.close();
    assertThat(ring.bytes()).isZero();
    assertThat(two.refCnt()).isEqualTo(1);
    kept.release();
    next.release();
    assertThat(two.refCnt()).isZero();
    assertThat(three.refCnt()).isZero();
  }

  /** Number, place and memory of what follows a chunk, whether it is searched for or not. */
  private static void assertFollows(TailRing ring, Chunk before, BinlogFileId file, long position) {
    Chunk searched = ring.find(file, position);
    Chunk next = ring.find(file, position, before.number());
    assertThat(next).isSameAs(searched);
    if (next != null) {
      assertThat(next.position()).isEqualTo(position);
      assertThat(next.file()).isEqualTo(file);
      next.release();
      searched.release();
    }
  }

  @Test
  void shouldFindTheNextChunkByItsNumber() {
    TailRing ring = new TailRing(SIZE);
    ByteBuf memory = memory();
    Chunk[] chunks = new Chunk[5];
    for (int i = 0; i < 5; i++) {
      chunks[i] = chunk(FILE, 4 + i * 10, memory, i * 10, 10);
      ring.add(chunks[i]);
      assertThat(chunks[i].number()).isEqualTo(i + 1);
    }
    assertFollows(ring, chunks[0], FILE, 14);
    assertFollows(ring, chunks[3], FILE, 44);
    assertFollows(ring, chunks[4], FILE, 54);
    assertFollows(ring, chunks[0], FILE, 44);
    assertFollows(ring, chunks[0], NEXT, 4);
    Chunk first = chunks[0].retain();
    Chunk third = chunks[2].retain();
    ring.cut(FILE, 34);
    assertFollows(ring, third, FILE, 34);
    ring.add(chunk(FILE, 34, memory, 30, 10));
    ring.add(chunk(NEXT, 4, memory, 40, 10));
    assertFollows(ring, third, FILE, 34);
    assertFollows(ring, third, NEXT, 4);
    ByteBuf other = memory();
    ring.add(chunk(NEXT, 14, other, 0, 10));
    assertThat(ring.find(FILE, 4)).isNull();
    assertFollows(ring, first, FILE, 14);
    assertFollows(ring, third, NEXT, 14);
    first.release();
    third.release();
    ring.close();
    memory.release();
    other.release();
    assertThat(memory.refCnt() + other.refCnt()).isZero();
  }

  @Test
  void shouldBoundTheNumberOfChunks() {
    TailRing ring = new TailRing(1 << 20);
    ByteBuf memory = memory();
    int chunks = 20_000;
    for (int i = 0; i < chunks; i++) {
      ring.add(chunk(FILE, 4 + i, memory, i, 1));
    }
    assertThat(ring.find(FILE, 4)).isNull();
    Chunk last = ring.find(FILE, 4 + chunks - 1);
    last.release();
    ring.close();
    ring.add(chunk(FILE, 4, memory, 0, 1));
    memory.release();
    assertThat(memory.refCnt()).isZero();
  }
}

package io.sluice.benchmarks.replica;

import io.sluice.benchmarks.load.Stamps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Walks over the packets of one stream a second time, for the stamps of {@link Stamps} at their
 * fixed place. Packets are looked at where they are; the beginning of one that a read has cut is
 * copied. Confined to one thread.
 */
final class StampReader {
  private static final int HEADER = 4;
  private static final int MAX_PAYLOAD = 0xffffff;

  /** As much as is needed of a packet, and of one that follows. */
  private static final int BEGINNING = HEADER + Stamps.PACKET_END;

  private final LatencyHistogram histogram;
  private final ByteBuffer beginning =
      ByteBuffer.allocate(BEGINNING).order(ByteOrder.LITTLE_ENDIAN);
  private int skip;

  StampReader(LatencyHistogram histogram) {
    this.histogram = histogram;
  }

  /**
   * Takes the next bytes of the stream, from 0 on, which came at that moment; in little-endian
   * order.
   */
  void walk(ByteBuffer in, int bytes, long now) {
    int at = 0;
    while (at < bytes) {
      if (skip > 0) {
        int part = Math.min(skip, bytes - at);
        at += part;
        skip -= part;
      } else if (beginning.position() == 0 && bytes - at >= BEGINNING) {
        int length = in.getInt(at) & MAX_PAYLOAD;
        look(in, at, length, now);
        skip = HEADER + length;
      } else {
        beginning.put(in.get(at++));
        cut(now);
      }
    }
  }

  private void cut(long now) {
    int have = beginning.position();
    if (have < HEADER) {
      return;
    }
    int length = beginning.getInt(0) & MAX_PAYLOAD;
    if (have == Math.min(BEGINNING, HEADER + length)) {
      look(beginning, 0, length, now);
      skip = HEADER + length - have;
      beginning.clear();
    }
  }

  private void look(ByteBuffer packet, int at, int length, long now) {
    if (length >= Stamps.PACKET_END && Stamps.isAt(packet, at + HEADER)) {
      histogram.record(now - Stamps.timeAt(packet, at + HEADER));
    }
  }
}

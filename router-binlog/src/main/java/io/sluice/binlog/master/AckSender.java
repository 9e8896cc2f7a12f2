package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells the master which transactions are stored: reference §2.8. A wish is answered when the mark
 * of what is stored has reached it, in the order of the wishes. Confined to the loop of the
 * connection.
 */
final class AckSender {
  private static final int MAGIC = 0xef;

  /** What the master waits for. */
  private record Wish(String file, long position) {}

  private final int epoch;
  private final Consumer<ByteBuf> out;
  private final Queue<Wish> wishes = new ArrayDeque<>();
  private final Supplier<Watermark> stored;
  private long sent;

  /**
   * Begins.
   *
   * @param epoch the epoch that the stream is stored in; marks of older ones do not count
   * @param stored up to where everything is stored
   * @param out sends framed bytes to the master
   */
  AckSender(int epoch, Supplier<Watermark> stored, Consumer<ByteBuf> out) {
    this.epoch = epoch;
    this.stored = stored;
    this.out = out;
  }

  /** The master waits until everything up to here is stored. */
  void onWanted(String file, long position) {
    wishes.add(new Wish(file, position));
    answer();
  }

  /** The mark has moved. */
  void onStored() {
    answer();
  }

  /** How many were answered. */
  long sent() {
    return sent;
  }

  private void answer() {
    for (Wish wish = wishes.peek(); wish != null && isStored(wish); wish = wishes.peek()) {
      wishes.poll();
      sent++;
      Wish answered = wish;
      out.accept(
          Packets.frame(
              ByteBufAllocator.DEFAULT,
              0,
              packet -> {
                WireWriter.u1(packet, MAGIC);
                packet.writeLongLE(answered.position());
                WireWriter.string(packet, answered.file());
              }));
    }
  }

  private boolean isStored(Wish wish) {
    Watermark mark = stored.get();
    if (mark.file().epoch() < epoch) {
      return false;
    }
    long current = mark.file().number();
    long wanted = BinlogFileFormat.number(wish.file());
    return current > wanted || (current == wanted && mark.offset() >= wish.position());
  }
}

package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import java.util.Random;

/** The packets of a dump, built from files. */
final class StreamBuilder {
  private static final int MAX = 0xffffff;

  private final ByteBuf out = Unpooled.buffer();
  private int sequence = 1;

  StreamBuilder event(ByteBuf event) {
    ByteBuf payload = Unpooled.buffer(event.readableBytes() + 1).writeByte(0).writeBytes(event);
    event.release();
    return payload(payload);
  }

  StreamBuilder event(byte[] bytes, int from, int length) {
    return event(Unpooled.copiedBuffer(bytes, from, length));
  }

  StreamBuilder payload(ByteBuf payload) {
    int length;
    do {
      length = Math.min(payload.readableBytes(), MAX);
      out.writeMediumLE(length).writeByte(sequence++).writeBytes(payload, length);
    } while (length == MAX);
    return this;
  }

  StreamBuilder raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  StreamBuilder rotate(String file, long position, boolean checksum) {
    return event(ArtificialEvents.rotate(ByteBufAllocator.DEFAULT, 1, file, position, checksum));
  }

  StreamBuilder heartbeat(String file, long position, boolean checksum) {
    return event(ArtificialEvents.heartbeat(ByteBufAllocator.DEFAULT, 1, file, position, checksum));
  }

  /** All events of a file, from a position on; with the copy of the FORMAT_DESCRIPTION in front. */
  StreamBuilder file(byte[] bytes, int position) {
    ByteBuf file = Unpooled.wrappedBuffer(bytes);
    int length = EventHeader.requireLength(file, 4);
    if (position > 4) {
      event(FormatDescription.decode(file, 4, length).copy(ByteBufAllocator.DEFAULT, false, false));
    }
    int at = position;
    while (at < bytes.length) {
      int size = EventHeader.requireLength(file, at);
      event(bytes, at, size);
      at += size;
    }
    return this;
  }

  int size() {
    return out.readableBytes();
  }

  byte[] bytes() {
    byte[] all = new byte[out.readableBytes()];
    out.getBytes(out.readerIndex(), all);
    return all;
  }

  /** Feeds everything, cut at random. */
  void feed(EventReceiver receiver, Random random, int largest) {
    byte[] all = bytes();
    int at = 0;
    while (at < all.length) {
      int length = Math.min(all.length - at, 1 + random.nextInt(largest));
      ByteBuf chunk = ByteBufAllocator.DEFAULT.buffer(length).writeBytes(all, at, length);
      receiver.feed(chunk);
      at += length;
    }
  }
}

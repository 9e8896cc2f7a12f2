package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.function.Consumer;

/**
 * Packet framing: three bytes of length, one byte of sequence, payload. A payload of {@link
 * #MAX_PAYLOAD} bytes or more is cut into pieces of that size, the last one shorter, empty if need
 * be. Source: the packet page of the public MariaDB protocol reference.
 */
public final class Packets {

  /**
   * The largest payload of one packet, in bytes; a packet of this size is continued by the next.
   */
  public static final int MAX_PAYLOAD = 0xffffff;

  /** The bytes before each payload. */
  public static final int HEADER = 4;

  private static final int COPY_LIMIT = 1 << 16;

  private Packets() {}

  /**
   * Frames a payload.
   *
   * @param firstSequence the number of the first packet; counts on and wraps after 255
   * @param payload the bytes; ownership goes with the call
   */
  public static ByteBuf frame(ByteBufAllocator allocator, int firstSequence, ByteBuf payload) {
    int length = payload.readableBytes();
    if (length < COPY_LIMIT) {
      ByteBuf out = allocator.buffer(HEADER + length);
      header(out, length, firstSequence);
      out.writeBytes(payload);
      payload.release();
      return out;
    }
    int pieces = length / MAX_PAYLOAD + 1;
    CompositeByteBuf out = allocator.compositeBuffer(2 * pieces);
    int sequence = firstSequence;
    for (int piece = 0; piece < pieces; piece++) {
      int size = Math.min(MAX_PAYLOAD, payload.readableBytes());
      ByteBuf header = allocator.buffer(HEADER);
      header(header, size, sequence++);
      out.addComponent(true, header);
      if (size > 0) {
        out.addComponent(true, payload.readRetainedSlice(size));
      }
    }
    payload.release();
    return out;
  }

  /** Frames what {@code writer} writes. */
  public static ByteBuf frame(
      ByteBufAllocator allocator, int firstSequence, Consumer<ByteBuf> writer) {
    ByteBuf out = allocator.buffer();
    try {
      out.writeZero(HEADER);
      writer.accept(out);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
    int length = out.readableBytes() - HEADER;
    if (length >= MAX_PAYLOAD) {
      out.skipBytes(HEADER);
      return frame(allocator, firstSequence, out);
    }
    out.setMediumLE(0, length);
    out.setByte(3, firstSequence);
    return out;
  }

  /** The payload length that the header at {@code index} tells. */
  public static int payloadLength(ByteBuf framed, int index) {
    return framed.getUnsignedMediumLE(index);
  }

  /** The sequence that the header at {@code index} tells. */
  public static int sequence(ByteBuf framed, int index) {
    return framed.getUnsignedByte(index + 3);
  }

  /** Changes the sequence in the header at {@code index}. */
  public static void setSequence(ByteBuf framed, int index, int sequence) {
    framed.setByte(index + 3, sequence);
  }

  /** How many whole packets there are. */
  public static int count(ByteBuf framed) {
    int count = 0;
    int at = framed.readerIndex();
    while (at < framed.writerIndex()) {
      at = next(framed, at);
      count++;
    }
    return count;
  }

  /**
   * The payload of all packets of a buffer, joined, without headers.
   *
   * @param framed whole packets of one payload; its indices stay
   * @return shares the bytes with {@code framed} and is to be released on its own
   */
  public static ByteBuf joinPayload(ByteBuf framed) {
    int start = framed.readerIndex();
    int end = next(framed, start);
    if (end == framed.writerIndex()) {
      return framed.retainedSlice(start + HEADER, end - start - HEADER);
    }
    CompositeByteBuf out = framed.alloc().compositeBuffer(count(framed));
    int at = start;
    while (at < framed.writerIndex()) {
      end = next(framed, at);
      if (end > at + HEADER) {
        out.addComponent(true, framed.retainedSlice(at + HEADER, end - at - HEADER));
      }
      at = end;
    }
    return out;
  }

  private static int next(ByteBuf framed, int at) {
    int left = framed.writerIndex() - at;
    if (left < HEADER || left - HEADER < payloadLength(framed, at)) {
      throw ProtocolException.malformed("packet: " + left + " bytes (expected: a whole packet)");
    }
    return at + HEADER + payloadLength(framed, at);
  }

  private static void header(ByteBuf out, int length, int sequence) {
    out.writeMediumLE(length);
    out.writeByte(sequence);
  }
}

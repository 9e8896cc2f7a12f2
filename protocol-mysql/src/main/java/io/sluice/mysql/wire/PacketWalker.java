package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the packets of a stream where they lie, chunk by chunk as it was read, without copying
 * and without waiting for whole packets. It keeps what it needs of a header or of wanted bytes that
 * are cut by the end of a chunk. Reference counts and indices of chunks stay as they are. Not
 * thread-safe.
 */
public final class PacketWalker {

  /** Who is told of packets. */
  public interface Visitor {

    /**
     * A packet begins.
     *
     * @param length of this packet's payload
     * @param sequence its number
     * @param firstByte the first byte of its payload, -1 if that is empty
     * @param continuation whether it continues the payload of the packet before
     * @return how many bytes of the payload to show to {@link #onHead} as soon as they are there;
     *     cut to the length of this packet; 0 for none
     */
    int onPacket(int length, int sequence, int firstByte, boolean continuation);

    /** The bytes that {@link #onPacket} asked for; valid during the call. */
    default void onHead(ByteBuf head) {}

    /**
     * A payload ended: the last of its packets is through.
     *
     * @param end the index in the chunk behind it
     * @return whether to walk on; false to stop here
     */
    boolean onEnd(int end);
  }

  private final byte[] header = new byte[Packets.HEADER];
  private int headerBytes;
  private boolean inPacket;
  private boolean full;
  private int remaining;
  private int wanted;
  private @Nullable ByteBuf head;

  /**
   * Walks on.
   *
   * @param chunk the next bytes of the stream
   * @param from where to begin in it
   * @return where the walk stopped: the writer index, or behind a payload where the visitor said so
   */
  public int walk(ByteBuf chunk, int from, Visitor visitor) {
    int end = chunk.writerIndex();
    int at = from;
    while (at < end) {
      if (!inPacket) {
        at = begin(chunk, at, visitor);
        if (!inPacket) {
          return end;
        }
      }
      int step = Math.min(remaining, end - at);
      if (wanted > 0) {
        show(chunk, at, step, visitor);
      }
      at += step;
      remaining -= step;
      if (remaining > 0) {
        return end;
      }
      inPacket = false;
      if (!full && !visitor.onEnd(at)) {
        return at;
      }
    }
    return at;
  }

  /** Whether the stream stands between two payloads. */
  public boolean isBetween() {
    return !inPacket && headerBytes == 0 && !full;
  }

  /** Forgets what came so far. */
  public void reset() {
    headerBytes = 0;
    inPacket = false;
    full = false;
    remaining = 0;
    wanted = 0;
    head = null;
  }

  private int begin(ByteBuf chunk, int from, Visitor visitor) {
    int end = chunk.writerIndex();
    int at = from;
    int length;
    int sequence;
    if (headerBytes == 0 && end - at > Packets.HEADER) {
      int word = chunk.getIntLE(at);
      length = word & 0xffffff;
      sequence = word >>> 24;
      at += Packets.HEADER;
    } else {
      while (headerBytes < Packets.HEADER && at < end) {
        header[headerBytes++] = chunk.getByte(at++);
      }
      if (headerBytes < Packets.HEADER) {
        return at;
      }
      length = (header[0] & 0xff) | ((header[1] & 0xff) << 8) | ((header[2] & 0xff) << 16);
      sequence = header[3] & 0xff;
      if (length > 0 && at == end) {
        return at;
      }
      headerBytes = 0;
    }
    boolean continuation = full;
    int firstByte = length == 0 ? -1 : chunk.getUnsignedByte(at);
    inPacket = true;
    remaining = length;
    full = length == Packets.MAX_PAYLOAD;
    head = null;
    wanted = Math.min(length, visitor.onPacket(length, sequence, firstByte, continuation));
    return at;
  }

  private void show(ByteBuf chunk, int at, int step, Visitor visitor) {
    ByteBuf collected = head;
    if (collected == null && step >= wanted) {
      ByteBuf view = chunk.slice(at, wanted);
      wanted = 0;
      visitor.onHead(view);
      return;
    }
    if (collected == null) {
      collected = Unpooled.buffer(step, wanted);
      head = collected;
    }
    collected.writeBytes(chunk, at, Math.min(step, wanted - collected.readableBytes()));
    if (collected.readableBytes() == wanted) {
      wanted = 0;
      head = null;
      visitor.onHead(collected);
    }
  }
}

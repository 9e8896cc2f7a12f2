package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Small helpers of the decoders: bounds first, then the bytes. */
final class EventBytes {
  private static final int MAX_NAME = 512;

  private EventBytes() {}

  static long unsignedInt(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }

  /** Checks an event's extent and returns the offset behind its body, so without the checksum. */
  static int bodyEnd(ByteBuf buf, int index, int length, boolean checksums, int minBody) {
    int trailer = checksums ? EventChecksum.LENGTH : 0;
    if (index < 0
        || length < EventHeader.SIZE + minBody + trailer
        || index + (long) length > buf.writerIndex()) {
      throw new BinlogFormatException(
          "event length: "
              + length
              + " (expected: at least "
              + (EventHeader.SIZE + minBody + trailer)
              + ")");
    }
    return index + length - trailer;
  }

  static String fileName(ByteBuf buf, int from, int to) {
    int length = to - from;
    if (length < 1 || length > MAX_NAME) {
      throw new BinlogFormatException("file name length: " + length + " (expected: 1 to 512)");
    }
    return buf.toString(from, length, StandardCharsets.UTF_8);
  }

  /** Writes a header; the length is filled in by {@link #finish}. */
  static void header(ByteBuf out, EventType type, long serverId, long endPosition, int flags) {
    out.writeIntLE(0);
    out.writeByte(type.code());
    out.writeIntLE((int) serverId);
    out.writeIntLE(0);
    out.writeIntLE((int) endPosition);
    out.writeShortLE(flags);
  }

  static ByteBuf finish(ByteBuf out, boolean checksums) {
    if (checksums) {
      out.writeIntLE(0);
    }
    int length = out.readableBytes();
    out.setIntLE(out.readerIndex() + EventHeader.LENGTH_OFFSET, length);
    if (checksums) {
      EventChecksum.seal(out, out.readerIndex(), length);
    }
    return out;
  }
}

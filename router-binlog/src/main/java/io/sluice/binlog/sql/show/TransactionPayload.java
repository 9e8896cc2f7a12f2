package io.sluice.binlog.sql.show;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;

/**
 * What MySQL's TRANSACTION_PAYLOAD says in front of the events of a whole transaction. Immutable.
 *
 * @param compression how they are packed; 0 is zstd, 255 not at all
 * @param unpacked how many bytes they are
 * @param from where the packed bytes begin in the event
 * @param length how many there are
 */
record TransactionPayload(long compression, long unpacked, int from, int length) {
  private static final int END = 0;
  private static final int SIZE = 1;
  private static final int COMPRESSION = 2;
  private static final int UNPACKED_SIZE = 3;

  /** A larger transaction is not unpacked for a list of events. */
  static final int MAX_SIZE = 64 << 20;

  static final long ZSTD = 0;
  static final long NONE = 255;

  /**
   * Reads the fields; those that are not known are left out.
   *
   * @param event the event, or its beginning
   * @param body where its fields begin
   * @param end where the event ends
   */
  static TransactionPayload decode(ByteBuf event, int body, int end) {
    ByteBuf in = event.slice(body, Math.min(end, event.writerIndex()) - body);
    long size = 0;
    long compression = NONE;
    long unpacked = 0;
    for (long field = number(in); field != END; field = number(in)) {
      long length = number(in);
      if (length < 0 || length > in.readableBytes()) {
        throw new BinlogFormatException(
            "payload field: " + length + " bytes (expected: up to " + in.readableBytes() + ")");
      }
      ByteBuf value = in.readSlice((int) length);
      if (field == SIZE) {
        size = number(value);
      } else if (field == COMPRESSION) {
        compression = number(value);
      } else if (field == UNPACKED_SIZE) {
        unpacked = number(value);
      }
    }
    int most = end - body - in.readerIndex();
    if (size < 0 || size > most) {
      throw new BinlogFormatException("payload: " + size + " bytes (expected: up to " + most + ")");
    }
    return new TransactionPayload(compression, unpacked, body + in.readerIndex(), (int) size);
  }

  private static long number(ByteBuf in) {
    int first = in.readUnsignedByte();
    return switch (first) {
      case 0xfc -> in.readUnsignedShortLE();
      case 0xfd -> in.readUnsignedMediumLE();
      case 0xfe -> in.readLongLE();
      default -> first;
    };
  }

  /** As SHOW BINLOG EVENTS prints it. */
  @Override
  public String toString() {
    String name = compression == ZSTD ? "ZSTD" : compression == NONE ? "NONE" : "?";
    return "compression='" + name + "', decompressed_size=" + unpacked + " bytes";
  }

  /**
   * The events, one behind the other and without checksums.
   *
   * @param event the whole event
   */
  byte[] unpack(ByteBuf event) {
    if (unpacked < 0 || unpacked > MAX_SIZE) {
      throw new BinlogFormatException(
          "payload: " + unpacked + " bytes (expected: up to " + MAX_SIZE + ")");
    }
    byte[] packed = ByteBufUtil.getBytes(event, from, length);
    if (compression != ZSTD) {
      return packed;
    }
    try {
      byte[] events = new byte[(int) unpacked];
      long size = Zstd.decompress(events, packed);
      if (size == unpacked) {
        return events;
      }
      throw new BinlogFormatException("payload: " + size + " bytes (expected: " + unpacked + ")");
    } catch (ZstdException e) {
      throw new BinlogFormatException("payload: " + e.getMessage());
    }
  }
}

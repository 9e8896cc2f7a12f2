package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes integers and strings of the protocol. Texts are written as UTF-8. */
public final class WireWriter {

  private static final int NULL_MARKER = 0xfb;

  private WireWriter() {}

  /** One byte. */
  public static void u1(ByteBuf out, int value) {
    out.writeByte(value);
  }

  /** Two bytes. */
  public static void u2(ByteBuf out, int value) {
    out.writeShortLE(value);
  }

  /** Three bytes. */
  public static void u3(ByteBuf out, int value) {
    out.writeMediumLE(value);
  }

  /** Four bytes. */
  public static void u4(ByteBuf out, long value) {
    out.writeIntLE((int) value);
  }

  /** Six bytes. */
  public static void u6(ByteBuf out, long value) {
    out.writeIntLE((int) value);
    out.writeShortLE((int) (value >>> 32));
  }

  /** Eight bytes. */
  public static void u8(ByteBuf out, long value) {
    out.writeLongLE(value);
  }

  /** A length-encoded integer; a negative value stands for 2^63 and more. */
  public static void lenenc(ByteBuf out, long value) {
    if (value < 0 || value > 0xffffff) {
      out.writeByte(0xfe);
      out.writeLongLE(value);
    } else if (value > 0xffff) {
      out.writeByte(0xfd);
      out.writeMediumLE((int) value);
    } else if (value >= NULL_MARKER) {
      out.writeByte(0xfc);
      out.writeShortLE((int) value);
    } else {
      out.writeByte((int) value);
    }
  }

  /** How many bytes a length-encoded integer takes. */
  public static int lenencSize(long value) {
    if (value < 0 || value > 0xffffff) {
      return 9;
    }
    if (value > 0xffff) {
      return 4;
    }
    return value >= NULL_MARKER ? 3 : 1;
  }

  /** Bytes as they are. */
  public static void bytes(ByteBuf out, byte[] value) {
    out.writeBytes(value);
  }

  /** A text as it is. */
  public static void string(ByteBuf out, String value) {
    out.writeCharSequence(value, StandardCharsets.UTF_8);
  }

  /** A text with a zero byte behind it. */
  public static void nulString(ByteBuf out, String value) {
    string(out, value);
    out.writeByte(0);
  }

  /** A text behind its length. */
  public static void lenencString(ByteBuf out, String value) {
    lenenc(out, ByteBufUtil.utf8Bytes(value));
    string(out, value);
  }

  /** Bytes behind their length. */
  public static void lenencBytes(ByteBuf out, byte[] value) {
    lenenc(out, value.length);
    out.writeBytes(value);
  }

  /** A value of a text row: bytes behind their length, or null. */
  public static void nullableLenencBytes(ByteBuf out, byte @Nullable [] value) {
    if (value == null) {
      out.writeByte(NULL_MARKER);
    } else {
      lenencBytes(out, value);
    }
  }
}

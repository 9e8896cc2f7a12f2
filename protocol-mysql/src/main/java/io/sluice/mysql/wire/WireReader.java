package io.sluice.mysql.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads integers and strings of the protocol and moves the reader index. Everything malformed or
 * too short is a {@link ProtocolException}; no length of a peer is trusted before it was compared
 * with what is there. Texts are taken as UTF-8.
 */
public final class WireReader {

  private static final int NULL_MARKER = 0xfb;
  private static final byte[] NOTHING = {};

  private WireReader() {}

  /** One byte, unsigned. */
  public static int u1(ByteBuf in) {
    need(in, 1);
    return in.readUnsignedByte();
  }

  /** Two bytes, unsigned. */
  public static int u2(ByteBuf in) {
    need(in, 2);
    return in.readUnsignedShortLE();
  }

  /** Three bytes, unsigned. */
  public static int u3(ByteBuf in) {
    need(in, 3);
    return in.readUnsignedMediumLE();
  }

  /** Four bytes, unsigned. */
  public static long u4(ByteBuf in) {
    need(in, 4);
    return in.readUnsignedIntLE();
  }

  /** Six bytes, unsigned. */
  public static long u6(ByteBuf in) {
    need(in, 6);
    return in.readUnsignedIntLE() | (long) in.readUnsignedShortLE() << 32;
  }

  /** Eight bytes; negative when the highest bit is set. */
  public static long u8(ByteBuf in) {
    need(in, 8);
    return in.readLongLE();
  }

  /** A length-encoded integer; negative only for values of 2^63 and more. */
  public static long lenenc(ByteBuf in) {
    int first = u1(in);
    return switch (first) {
      case 0xfc -> u2(in);
      case 0xfd -> u3(in);
      case 0xfe -> u8(in);
      case NULL_MARKER, 0xff ->
          throw ProtocolException.malformed(
              "length-encoded integer: first byte " + first + " (expected: not 251, 255)");
      default -> first;
    };
  }

  /** A length-encoded integer that is the length of what follows at once. */
  public static int length(ByteBuf in) {
    long length = lenenc(in);
    if (length < 0 || length > in.readableBytes()) {
      throw ProtocolException.malformed(
          "length: "
              + Long.toUnsignedString(length)
              + " (expected: <= "
              + in.readableBytes()
              + ")");
    }
    return (int) length;
  }

  /** A number of bytes, copied. */
  public static byte[] bytes(ByteBuf in, int length) {
    need(in, length);
    if (length == 0) {
      return NOTHING;
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return bytes;
  }

  /** A view of a number of bytes; not retained. */
  public static ByteBuf slice(ByteBuf in, int length) {
    need(in, length);
    return in.readSlice(length);
  }

  /** Passes over a number of bytes. */
  public static void skip(ByteBuf in, int length) {
    need(in, length);
    in.skipBytes(length);
  }

  /** A text of a known length. */
  public static String string(ByteBuf in, int length) {
    need(in, length);
    String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
    in.skipBytes(length);
    return text;
  }

  /** A text that ends with a zero byte. */
  public static String nulString(ByteBuf in) {
    String text = string(in, nulLength(in));
    in.skipBytes(1);
    return text;
  }

  /** Bytes that end with a zero byte, which is not part of them. */
  public static byte[] nulBytes(ByteBuf in) {
    byte[] bytes = bytes(in, nulLength(in));
    in.skipBytes(1);
    return bytes;
  }

  /** A text behind its length. */
  public static String lenencString(ByteBuf in) {
    return string(in, length(in));
  }

  /** Bytes behind their length. */
  public static byte[] lenencBytes(ByteBuf in) {
    return bytes(in, length(in));
  }

  /** A value of a text row: bytes behind their length, or null. */
  public static byte @Nullable [] nullableLenencBytes(ByteBuf in) {
    if (in.isReadable() && in.getUnsignedByte(in.readerIndex()) == NULL_MARKER) {
      in.skipBytes(1);
      return null;
    }
    return lenencBytes(in);
  }

  /** The text up to the end. */
  public static String restString(ByteBuf in) {
    return string(in, in.readableBytes());
  }

  /** The bytes up to the end. */
  public static byte[] restBytes(ByteBuf in) {
    return bytes(in, in.readableBytes());
  }

  /** Checks that nothing is left. */
  public static void end(ByteBuf in, String what) {
    if (in.isReadable()) {
      throw ProtocolException.malformed(
          what + ": " + in.readableBytes() + " bytes too many (expected: 0)");
    }
  }

  private static int nulLength(ByteBuf in) {
    int length = in.bytesBefore((byte) 0);
    if (length < 0) {
      throw ProtocolException.malformed("string: no zero byte (expected: one at its end)");
    }
    return length;
  }

  private static void need(ByteBuf in, int length) {
    if (length < 0 || in.readableBytes() < length) {
      throw ProtocolException.malformed(
          "packet: " + in.readableBytes() + " bytes left (expected: >= " + length + ")");
    }
  }
}

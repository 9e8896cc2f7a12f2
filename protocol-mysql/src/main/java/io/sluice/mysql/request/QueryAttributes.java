package io.sluice.mysql.request;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;

/**
 * The attributes that clients of MySQL 8 and later put in front of a statement's text. They are
 * passed on; only where the text begins is of interest. Stateless. Source: the COM_QUERY page of
 * the public MySQL protocol reference.
 */
public final class QueryAttributes {

  private static final int BOOL = 244;

  private QueryAttributes() {}

  /**
   * Where the text begins.
   *
   * @param payload what is behind the command byte, or the beginning of it; its indices stay
   * @return how many bytes are before the text; -1 if that cannot be known from these bytes
   */
  public static int length(ByteBuf payload) {
    ByteBuf in = payload.duplicate();
    try {
      long count = WireReader.lenenc(in);
      long sets = WireReader.lenenc(in);
      if (sets != 1 || count < 0 || count > 0xffff) {
        return -1;
      }
      if (count > 0) {
        skip(in, (int) count);
      }
      return in.readerIndex() - payload.readerIndex();
    } catch (ProtocolException e) {
      return -1;
    }
  }

  private static void skip(ByteBuf in, int count) {
    byte[] nulls = WireReader.bytes(in, (count + 7) / 8);
    if (WireReader.u1(in) != 1) {
      throw ProtocolException.malformed("attributes: without types (expected: with types)");
    }
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = WireReader.u2(in) & 0xff;
      WireReader.lenencBytes(in);
    }
    for (int i = 0; i < count; i++) {
      if ((nulls[i / 8] >> (i % 8) & 1) == 0) {
        WireReader.skip(in, valueLength(in, types[i]));
      }
    }
  }

  /** The length of a value in the binary protocol; its own length is taken if it has one. */
  private static int valueLength(ByteBuf in, int type) {
    if (type == BOOL) {
      return 1;
    }
    return switch (FieldType.of(type)) {
      case NULL -> 0;
      case TINY -> 1;
      case SHORT, YEAR -> 2;
      case LONG, INT24, FLOAT -> 4;
      case LONGLONG, DOUBLE -> 8;
      case DATE, DATETIME, TIMESTAMP, TIME -> WireReader.u1(in);
      default -> WireReader.length(in);
    };
  }
}

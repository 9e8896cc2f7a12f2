package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The column Info of USER_VAR events. Stateless. */
final class UserVariableInfo {
  private static final int STRING = 0;
  private static final int REAL = 1;
  private static final int INTEGER = 2;
  private static final int DECIMAL = 4;
  private static final int UNSIGNED = 1;
  private static final int DIGITS_PER_GROUP = 9;
  private static final int[] BYTES_FOR_DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  private static final int MAX_FIXED_POINT = 15;

  private UserVariableInfo() {}

  static String of(ByteBuf event, int end) {
    int body = EventHeader.SIZE;
    long nameLength = event.getUnsignedIntLE(body);
    if (nameLength > end - body - 5) {
      throw new BinlogFormatException("name length: " + nameLength + " (expected: less)");
    }
    int at = body + 4 + (int) nameLength;
    String name = event.toString(body + 4, (int) nameLength, StandardCharsets.UTF_8);
    String prefix = "@`" + name.replace("`", "``") + "`=";
    if (event.getByte(at) != 0) {
      return prefix + "NULL";
    }
    int type = event.getUnsignedByte(at + 1);
    int charset = event.getIntLE(at + 2);
    long length = event.getUnsignedIntLE(at + 6);
    int value = at + 10;
    if (length > end - value) {
      throw new BinlogFormatException("value length: " + length + " (expected: less)");
    }
    return prefix + value(event, value, (int) length, type, charset, end);
  }

  private static String value(ByteBuf event, int at, int length, int type, int charset, int end) {
    return switch (type) {
      case REAL -> real(Double.longBitsToDouble(event.getLongLE(at)));
      case INTEGER -> {
        boolean unsigned = at + length < end && (event.getByte(at + length) & UNSIGNED) != 0;
        long number = event.getLongLE(at);
        yield unsigned ? Long.toUnsignedString(number) : Long.toString(number);
      }
      case DECIMAL -> decimal(event, at);
      case STRING ->
          CollationNames.of(charset)
              .map(
                  names ->
                      "_"
                          + names.charset()
                          + " X'"
                          + ByteBufUtil.hexDump(event, at, length).toUpperCase(Locale.ROOT)
                          + "' COLLATE "
                          + names.collation())
              .orElse("???");
      default -> "";
    };
  }

  /** The shortest digits that mean the number, with an exponent beyond 15 places. */
  static String real(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int point = digits.length() - shortest.scale();
    String sign = value < 0 ? "-" : "";
    if (point > MAX_FIXED_POINT || point <= -MAX_FIXED_POINT) {
      String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
      return sign + digits.charAt(0) + rest + "e" + (point - 1);
    }
    return sign + shortest.toPlainString();
  }

  /** The binary format of decimals: groups of nine digits, the sign in the first bit. */
  private static String decimal(ByteBuf event, int at) {
    int precision = event.getUnsignedByte(at);
    int scale = event.getUnsignedByte(at + 1);
    if (precision > 65 || scale > precision) {
      throw new BinlogFormatException("decimal: " + precision + "," + scale + " (expected: 65)");
    }
    int whole = precision - scale;
    boolean negative = (event.getByte(at + 2) & 0x80) == 0;
    Reader reader = new Reader(event, at + 2, negative);
    StringBuilder digits = new StringBuilder();
    reader.group(whole % DIGITS_PER_GROUP, digits);
    for (int i = 0; i < whole / DIGITS_PER_GROUP; i++) {
      reader.group(DIGITS_PER_GROUP, digits);
    }
    for (int i = 0; i < scale / DIGITS_PER_GROUP; i++) {
      reader.group(DIGITS_PER_GROUP, digits);
    }
    reader.group(scale % DIGITS_PER_GROUP, digits);
    BigInteger unscaled = new BigInteger(digits.length() == 0 ? "0" : digits.toString());
    BigDecimal number = new BigDecimal(negative ? unscaled.negate() : unscaled, scale);
    return number.toPlainString();
  }

  private static final class Reader {
    private final ByteBuf event;
    private final boolean negative;
    private boolean first = true;
    private int at;

    Reader(ByteBuf event, int at, boolean negative) {
      this.event = event;
      this.at = at;
      this.negative = negative;
    }

    void group(int digits, StringBuilder out) {
      long value = 0;
      for (int i = 0; i < BYTES_FOR_DIGITS[digits]; i++) {
        int b = event.getUnsignedByte(at++);
        if (first) {
          b ^= 0x80;
          first = false;
        }
        value = value << 8 | (negative ? b ^ 0xff : b);
      }
      if (digits > 0) {
        out.append(String.format(Locale.ROOT, "%0" + digits + "d", value));
      }
    }
  }
}

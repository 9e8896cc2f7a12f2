package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.sql.Charset;
import io.sluice.binlog.sql.PresentedVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiFunction;

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
    return of(event, end, UserVariableInfo::text);
  }

  /** As MySQL prints it, which writes texts in another way. */
  static String ofMySql(ByteBuf event, int end, PresentedVersion version) {
    return of(event, end, (charset, hex) -> mySqlText(version, charset, hex));
  }

  private static String text(int charset, String hex) {
    return CollationNames.of(charset)
        .map(names -> "_" + names.charset() + " X'" + hex + "' COLLATE " + names.collation())
        .orElse("???");
  }

  private static String mySqlText(PresentedVersion version, int number, String hex) {
    Charset charset = Charset.ofMySql(version, number);
    return charset == null
        ? "???"
        : "_"
            + charset.name()
            + (hex.isEmpty() ? " \"\"" : " 0x" + hex)
            + " COLLATE "
            + charset.collation();
  }

  private static String of(ByteBuf event, int end, BiFunction<Integer, String, String> texts) {
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
    if (type == STRING) {
      String hex = ByteBufUtil.hexDump(event, value, (int) length).toUpperCase(Locale.ROOT);
      return prefix + texts.apply(charset, hex);
    }
    return prefix + value(event, value, (int) length, type, end);
  }

  private static String value(ByteBuf event, int at, int length, int type, int end) {
    return switch (type) {
      case REAL -> real(Double.longBitsToDouble(event.getLongLE(at)));
      case INTEGER -> {
        boolean unsigned = at + length < end && (event.getByte(at + length) & UNSIGNED) != 0;
        long number = event.getLongLE(at);
        yield unsigned ? Long.toUnsignedString(number) : Long.toString(number);
      }
      case DECIMAL -> decimal(event, at);
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

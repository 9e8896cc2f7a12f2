package io.sluice.binlog.sql.control;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;

/** The values of options: each stands behind the option's name and {@code =}. */
final class OptionValues {
  static final int MAX_HOST = 255;
  static final int MAX_FILE = 512;

  private static final int TOO_LONG = 1470;
  private static final int HEARTBEAT_RANGE = 1624;
  private static final BigDecimal MAX_HEARTBEAT = new BigDecimal("4294967");
  private static final BigInteger MAX_POSITION = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int SHOWN = 67;

  private final Tokens tokens;
  private final SqlLexer lexer;

  OptionValues(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** Goes behind the name of the option and the mark. */
  void equal() {
    lexer.next();
    tokens.expect('=');
  }

  /** A text of so many characters at most. */
  String text(String name, int most) {
    equal();
    String value = tokens.string();
    if (value.codePointCount(0, value.length()) > most) {
      String shown = name.endsWith("_PASSWORD") ? "" : value.substring(0, SHOWN);
      throw new SqlError(
          new ReplyError(
              TOO_LONG,
              "HY000",
              "String '"
                  + shown
                  + "...' is too long for "
                  + name
                  + " (should be no longer than "
                  + most
                  + ")"));
    }
    return value;
  }

  /** A text, or NULL, which is the same as an empty one here. */
  String textOrNull(String name, int most) {
    equal();
    if (lexer.accept("NULL")) {
      return "";
    }
    return tokens.string();
  }

  /** A whole number; one that is too large is the largest, as for servers. */
  long number() {
    equal();
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    try {
      BigInteger value = new BigDecimal(lexer.text()).toBigInteger();
      lexer.next();
      return value.min(MAX_POSITION).longValue();
    } catch (NumberFormatException e) {
      throw tokens.syntax();
    }
  }

  /** A whole number of a smaller type. */
  int smallNumber() {
    return (int) Math.min(number(), Integer.MAX_VALUE);
  }

  /** Seconds. */
  Duration seconds() {
    return Duration.ofSeconds(smallNumber());
  }

  /** Seconds with decimals; below a millisecond is none. */
  Duration heartbeat() {
    equal();
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    BigDecimal seconds = new BigDecimal(lexer.text());
    lexer.next();
    if (seconds.compareTo(MAX_HEARTBEAT) > 0) {
      throw new SqlError(
          new ReplyError(
              HEARTBEAT_RANGE,
              "HY000",
              "The requested value for the heartbeat period is either negative or exceeds the"
                  + " maximum allowed (4294967 seconds)"
                  + (tokens.version().isMySql() ? "." : "")));
    }
    Duration period =
        Duration.ofMillis(seconds.movePointRight(3).setScale(0, RoundingMode.DOWN).longValue());
    if (period.isZero() && seconds.signum() > 0 && tokens.version().isMySql()) {
      tokens.warn(
          1703,
          "The requested value for the heartbeat period is less than 1 millisecond. The value is"
              + " reset to 0, meaning that heartbeating will effectively be disabled.");
    }
    return period;
  }

  /** A list of numbers; how many there are. */
  int list() {
    equal();
    tokens.expect('(');
    int count = 0;
    if (!lexer.isSymbol(')')) {
      do {
        tokens.number();
        count++;
      } while (lexer.accept(','));
    }
    tokens.expect(')');
    return count;
  }
}

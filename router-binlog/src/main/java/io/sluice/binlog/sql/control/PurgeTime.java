package io.sluice.binlog.sql.control;

import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The moment of PURGE BINARY LOGS BEFORE: a text or number with a date, or now, minus or plus
 * intervals. Texts are in UTC, as NOW() is here. Immutable.
 *
 * @param text what was given in quotes or as a number; null for now
 * @param steps what is added to it, in order
 */
public record PurgeTime(@Nullable String text, List<TemporalAmount> steps) {
  private static final Set<String> NOW =
      Set.of("NOW", "CURRENT_TIMESTAMP", "SYSDATE", "LOCALTIME", "LOCALTIMESTAMP", "UTC_TIMESTAMP");
  private static final Pattern DATE =
      Pattern.compile(
          "\\s*(\\d{4})[-/.]?(\\d{1,2})[-/.]?(\\d{1,2})"
              + "(?:[T\\s]*(\\d{1,2}):?(\\d{1,2})(?::?(\\d{1,2}))?(?:\\.\\d*)?)?\\s*");

  /** Copies the list. */
  public PurgeTime {
    steps = List.copyOf(steps);
  }

  /** Reads it from the current token on. */
  static PurgeTime parse(Tokens tokens) {
    SqlLexer lexer = tokens.lexer();
    if (lexer.isWord("DATE_SUB") || lexer.isWord("DATE_ADD")) {
      int sign = lexer.isWord("DATE_SUB") ? -1 : 1;
      lexer.next();
      tokens.expect('(');
      PurgeTime inner = parse(tokens);
      tokens.expect(',');
      TemporalAmount amount = interval(tokens, sign);
      tokens.expect(')');
      return inner.plus(amount);
    }
    PurgeTime time = simple(tokens);
    while (lexer.isSymbol('-') || lexer.isSymbol('+')) {
      int sign = lexer.isSymbol('-') ? -1 : 1;
      lexer.next();
      time = time.plus(interval(tokens, sign));
    }
    return time;
  }

  private PurgeTime plus(TemporalAmount amount) {
    List<TemporalAmount> more = new ArrayList<>(steps);
    more.add(amount);
    return new PurgeTime(text, more);
  }

  private static PurgeTime simple(Tokens tokens) {
    SqlLexer lexer = tokens.lexer();
    if (lexer.is(TokenType.STRING) || lexer.is(TokenType.NUMBER)) {
      String value = lexer.value();
      lexer.next();
      return new PurgeTime(value, List.of());
    }
    String word = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    if (word.equals("NULL")) {
      lexer.next();
      return new PurgeTime("", List.of());
    }
    if (!NOW.contains(word)) {
      throw lexer.is(TokenType.WORD)
          ? SqlError.unsupported("PURGE ... BEFORE " + word)
          : tokens.syntax();
    }
    lexer.next();
    if (lexer.accept('(')) {
      if (lexer.is(TokenType.NUMBER)) {
        lexer.next();
      }
      tokens.expect(')');
    } else if (word.equals("NOW") || word.equals("SYSDATE")) {
      throw tokens.syntax();
    }
    return new PurgeTime(null, List.of());
  }

  private static TemporalAmount interval(Tokens tokens, int sign) {
    tokens.expect("INTERVAL");
    SqlLexer lexer = tokens.lexer();
    long count;
    if (lexer.is(TokenType.STRING)) {
      count = number(tokens, tokens.string());
    } else {
      count = tokens.number();
    }
    if (count > Integer.MAX_VALUE) {
      throw SqlError.unsupported("PURGE ... BEFORE with such an interval");
    }
    String unit = tokens.name().toUpperCase(Locale.ROOT);
    int signed = (int) (sign * count);
    return switch (unit) {
      case "SECOND" -> Duration.ofSeconds(signed);
      case "MINUTE" -> Duration.ofMinutes(signed);
      case "HOUR" -> Duration.ofHours(signed);
      case "DAY" -> Duration.of(signed, ChronoUnit.DAYS);
      case "WEEK" -> Duration.of(7L * signed, ChronoUnit.DAYS);
      case "MONTH" -> Period.ofMonths(signed);
      case "QUARTER" -> Period.ofMonths(Math.multiplyExact(3, signed));
      case "YEAR" -> Period.ofYears(signed);
      default -> throw SqlError.unsupported("PURGE ... BEFORE with INTERVAL in " + unit);
    };
  }

  private static long number(Tokens tokens, String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw tokens.syntax();
    }
  }

  /**
   * The moment.
   *
   * @param now the time
   * @return empty if what was given is no date
   */
  public Optional<Instant> at(Instant now) {
    try {
      LocalDateTime start =
          text == null ? LocalDateTime.ofInstant(now, ZoneOffset.UTC) : date(text);
      if (start == null) {
        return Optional.empty();
      }
      for (TemporalAmount step : steps) {
        start = start.plus(step);
      }
      return Optional.of(start.toInstant(ZoneOffset.UTC));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static @Nullable LocalDateTime date(String text) {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    LocalDate day = LocalDate.of(part(matcher, 1), part(matcher, 2), part(matcher, 3));
    return LocalDateTime.of(
        day, LocalTime.of(part(matcher, 4), part(matcher, 5), part(matcher, 6)));
  }

  private static int part(Matcher matcher, int group) {
    String value = matcher.group(group);
    return value == null ? 0 : Integer.parseInt(value);
  }
}

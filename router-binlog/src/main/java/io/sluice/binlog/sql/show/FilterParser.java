package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.NameFilter;
import io.sluice.binlog.sql.NameFilter.Column;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses LIKE and WHERE of SHOW VARIABLES and SHOW STATUS: comparisons, LIKE and IN of the two
 * columns, joined by AND, OR, NOT and parentheses. Confined to one parse.
 */
final class FilterParser {
  private static final int MAX_DEPTH = 50;

  private final Tokens tokens;
  private final SqlLexer lexer;
  private int depth;

  FilterParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** The condition, or null if there is none. */
  @Nullable NameFilter filter() {
    if (lexer.accept("LIKE")) {
      return NameFilter.like(tokens.string());
    }
    return lexer.accept("WHERE") ? either() : null;
  }

  private NameFilter either() {
    NameFilter filter = both();
    while (lexer.accept("OR") || acceptText("||")) {
      filter = filter.or(both());
    }
    return filter;
  }

  private NameFilter both() {
    NameFilter filter = condition();
    while (lexer.accept("AND") || acceptText("&&")) {
      filter = filter.and(condition());
    }
    return filter;
  }

  private boolean acceptText(String symbol) {
    if (lexer.is(TokenType.SYMBOL) && lexer.isText(symbol)) {
      lexer.next();
      return true;
    }
    return false;
  }

  private NameFilter condition() {
    if (++depth > MAX_DEPTH) {
      throw SqlError.unsupported("SHOW ... WHERE with such nesting");
    }
    try {
      if (lexer.accept("NOT") || lexer.accept('!')) {
        return condition().not();
      }
      if (lexer.accept('(')) {
        NameFilter inner = either();
        tokens.expect(')');
        return inner;
      }
      Column column = column();
      boolean not = lexer.accept("NOT");
      NameFilter filter = NameFilter.on(column, comparison(not));
      return not ? filter.not() : filter;
    } finally {
      depth--;
    }
  }

  private Column column() {
    if (!lexer.is(TokenType.WORD) && !lexer.is(TokenType.QUOTED_NAME)) {
      throw tokens.syntax();
    }
    String name = lexer.value();
    Column column =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "variable_name" -> Column.NAME;
          case "value", "variable_value" -> Column.VALUE;
          default ->
              throw new SqlError(
                  new io.sluice.api.session.ReplyError(
                      1054, "42S22", "Unknown column '" + name + "' in 'WHERE'"));
        };
    lexer.next();
    return column;
  }

  private Predicate<String> comparison(boolean not) {
    if (lexer.accept("LIKE")) {
      return NameFilter.likes(tokens.string());
    }
    if (lexer.accept("IN")) {
      return list();
    }
    if (not || !lexer.is(TokenType.SYMBOL)) {
      throw tokens.syntax();
    }
    String operator = lexer.text();
    IntPredicate wanted =
        switch (operator) {
          case "=", "<=>" -> order -> order == 0;
          case "<>", "!=" -> order -> order != 0;
          case "<" -> order -> order < 0;
          case ">" -> order -> order > 0;
          case "<=" -> order -> order <= 0;
          case ">=" -> order -> order >= 0;
          default -> throw tokens.syntax();
        };
    lexer.next();
    return compared(wanted);
  }

  private Predicate<String> compared(IntPredicate wanted) {
    if (lexer.is(TokenType.NUMBER)) {
      BigDecimal number = new BigDecimal(lexer.text());
      lexer.next();
      return text -> wanted.test(number(text).compareTo(number));
    }
    String value = tokens.string().toLowerCase(Locale.ROOT);
    return text -> wanted.test(text.compareTo(value));
  }

  /** A text as a number: what does not look like one is 0, as for a server. */
  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }

  private Predicate<String> list() {
    tokens.expect('(');
    List<Predicate<String>> values = new ArrayList<>();
    do {
      values.add(compared(order -> order == 0));
    } while (lexer.accept(','));
    tokens.expect(')');
    return text -> values.stream().anyMatch(value -> value.test(text));
  }
}

package io.sluice.binlog.sql;

import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.nio.charset.StandardCharsets;

/**
 * The tokens of one statement with the small steps that every part of the parser needs. Throws only
 * {@link SqlError}.
 */
final class Tokens {
  private final byte[] sql;
  private final SqlLexer lexer;

  Tokens(String text) {
    this.sql = text.getBytes(StandardCharsets.UTF_8);
    this.lexer = new SqlLexer(sql, 0, sql.length, true);
    lexer.next();
  }

  SqlLexer lexer() {
    return lexer;
  }

  /** What stands from one offset to another. */
  String text(int from, int to) {
    return new String(sql, from, to - from, StandardCharsets.UTF_8);
  }

  /** The current token is not what may stand here. */
  SqlError syntax() {
    int from = Math.min(lexer.start(), sql.length);
    return SqlError.syntax(text(from, sql.length));
  }

  void expect(char symbol) {
    if (!lexer.accept(symbol)) {
      throw syntax();
    }
  }

  void expect(String word) {
    if (!lexer.accept(word)) {
      throw syntax();
    }
  }

  void skipRest() {
    while (!lexer.isEnd() && !lexer.isSymbol(';')) {
      lexer.next();
    }
  }

  /** A name or text. */
  String name() {
    if (!lexer.is(TokenType.WORD)
        && !lexer.is(TokenType.QUOTED_NAME)
        && !lexer.is(TokenType.STRING)) {
      throw syntax();
    }
    String value = lexer.value();
    lexer.next();
    return value;
  }

  String string() {
    if (!lexer.is(TokenType.STRING)) {
      throw syntax();
    }
    return name();
  }

  /** A whole number without sign. */
  long number() {
    if (!lexer.is(TokenType.NUMBER)) {
      throw syntax();
    }
    try {
      long value = Long.parseLong(lexer.text());
      lexer.next();
      return value;
    } catch (NumberFormatException e) {
      throw syntax();
    }
  }
}

package io.sluice.binlog.sql;

import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of one statement with the small steps that every part of the parser needs. Throws only
 * {@link SqlError}.
 */
public final class Tokens {
  private static final int DEPRECATED = 1287;

  private final byte[] original;
  private final byte[] sql;
  private final SqlLexer lexer;
  private final PresentedVersion version;
  private final Dialect dialect;
  private final List<Diagnostics.Condition> warnings = new ArrayList<>();

  /**
   * The current token is the first one.
   *
   * @param version of the server that the client believes to speak to: grammar and errors are its
   */
  Tokens(String text, PresentedVersion version) {
    this.version = version;
    this.dialect = Dialect.of(version);
    this.original = text.getBytes(StandardCharsets.UTF_8);
    this.sql = original.clone();
    dialect.blankComments(sql);
    this.lexer = new SqlLexer(sql, 0, sql.length, true);
    lexer.next();
  }

  /** The lexer below. */
  public SqlLexer lexer() {
    return lexer;
  }

  /** Whose grammar it is. */
  public PresentedVersion version() {
    return version;
  }

  /** How it is worded. */
  Dialect dialect() {
    return dialect;
  }

  /** Its words for replication. */
  public ReplicationWords words() {
    return new ReplicationWords(version);
  }

  /** Words were used that the server is going to take out. */
  public void deprecated(String old, String instead) {
    warn(
        DEPRECATED,
        "'"
            + old
            + "' is deprecated and will be removed in a future release. Please use "
            + instead
            + " instead");
  }

  /** The statement is understood, but. */
  public void warn(int code, String message) {
    warnings.add(new Diagnostics.Condition(Diagnostics.Level.WARNING, code, message));
  }

  /** What the client has to be warned of, so far. */
  List<Diagnostics.Condition> warnings() {
    return warnings;
  }

  /** The length of the statement. */
  int length() {
    return sql.length;
  }

  /** Whether there is anything in it, be it comments. */
  boolean isBlank() {
    return text(0, original.length).replace(';', ' ').isBlank();
  }

  /** What stands from one offset to another. */
  public String text(int from, int to) {
    return new String(original, from, to - from, StandardCharsets.UTF_8);
  }

  /** The current token is not what may stand here. */
  public SqlError syntax() {
    int from = Math.min(lexer.start(), sql.length);
    int line = 1;
    for (int i = 0; i < from; i++) {
      line += sql[i] == '\n' ? 1 : 0;
    }
    return SqlError.syntax(version, text(from, sql.length), line);
  }

  /** This is not what may stand here. */
  SqlError syntaxNear(String near) {
    return SqlError.syntax(version, near, 1);
  }

  /** Goes behind a mark that must stand here. */
  public void expect(char symbol) {
    if (!lexer.accept(symbol)) {
      throw syntax();
    }
  }

  /** Goes behind a word that must stand here. */
  public void expect(String word) {
    if (!lexer.accept(word)) {
      throw syntax();
    }
  }

  /** Goes to the end of the statement. */
  public void skipRest() {
    while (!lexer.isEnd() && !lexer.isSymbol(';')) {
      lexer.next();
    }
  }

  /** A name or text. */
  public String name() {
    if (!lexer.is(TokenType.WORD)
        && !lexer.is(TokenType.QUOTED_NAME)
        && !lexer.is(TokenType.STRING)) {
      throw syntax();
    }
    String value = lexer.value();
    lexer.next();
    return value;
  }

  /** A text in quotes. */
  public String string() {
    if (!lexer.is(TokenType.STRING)) {
      throw syntax();
    }
    return name();
  }

  /** A whole number without sign. */
  public long number() {
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

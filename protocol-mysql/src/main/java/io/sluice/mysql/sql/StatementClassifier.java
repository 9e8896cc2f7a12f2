package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Says what a statement does by its tokens. Stateless; any thread. {@link StatementCache} remembers
 * what it said.
 *
 * <ol>
 *   <li>It never throws; what it does not understand is a {@link StatementKind#WRITE}.
 *   <li>It errs to one side: a read may be taken for a write, never the other way round. That holds
 *       for executable comments too, which some servers run and some do not, for texts in double
 *       quotes, which are names in the mode ANSI_QUOTES, and for bytes of 0x80 and above.
 *   <li>It takes time linear to the length and reads the whole text, because a second statement may
 *       follow.
 * </ol>
 */
public final class StatementClassifier {

  private StatementClassifier() {}

  /** Classifies a part of an array, which is the SQL text alone. */
  public static Statement classify(byte[] sql, int from, int to, Backslash backslash) {
    return Readings.of(sql, from, to, backslash);
  }

  /** Classifies a text. */
  public static Statement classify(String sql) {
    byte[] bytes = sql.getBytes(UTF_8);
    return classify(bytes, 0, bytes.length, Backslash.ESCAPES);
  }

  /** All statements from the current token on, as one. */
  static Statement all(SqlLexer lexer, boolean careful) {
    Statement first = new StatementParser(lexer, careful).parse();
    while (lexer.isSymbol(';')) {
      lexer.next();
    }
    if (lexer.isEnd()) {
      return first;
    }
    return several(first, lexer, careful);
  }

  private static Statement several(Statement first, SqlLexer lexer, boolean careful) {
    int bits = first.flags() | StatementFlag.MULTI_STATEMENT.bit();
    boolean pins = !isHarmless(first);
    while (!lexer.isEnd()) {
      Statement more = new StatementParser(lexer, careful).parse();
      bits |= more.flags();
      pins |= !isHarmless(more);
      while (lexer.isSymbol(';')) {
        lexer.next();
      }
    }
    if (pins) {
      bits |= StatementFlag.PINS_CONNECTION.bit();
    }
    return Statement.of(StatementKind.WRITE, bits);
  }

  /** Whether it may stand between others without changing what the connection is. */
  static boolean isHarmless(Statement statement) {
    return switch (statement.kind()) {
      case READ, WRITE, TRANSACTION_BEGIN, TRANSACTION_END, EMPTY -> true;
      case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON, PREPARE, EXECUTE, DEALLOCATE, KILL -> false;
    };
  }
}

package io.sluice.binlog.sql;

import io.sluice.mysql.sql.SqlLexer;
import java.util.ArrayList;
import java.util.List;

/** Cuts a request with several statements at its semicolons. Stateless. */
final class StatementSplitter {
  private StatementSplitter() {}

  /** The statements in order, at least one; empty ones at the end are left out. */
  static List<String> split(String sql, PresentedVersion version) {
    Tokens tokens = new Tokens(sql, version);
    SqlLexer lexer = tokens.lexer();
    List<String> statements = new ArrayList<>();
    int from = 0;
    boolean any = false;
    while (!lexer.isEnd()) {
      if (lexer.isSymbol(';')) {
        statements.add(tokens.text(from, lexer.end()));
        from = lexer.end();
        any = false;
      } else {
        any = true;
      }
      lexer.next();
    }
    if (any || statements.isEmpty()) {
      statements.add(tokens.text(from, tokens.length()));
    }
    return statements;
  }
}

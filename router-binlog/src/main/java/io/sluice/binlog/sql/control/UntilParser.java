package io.sluice.binlog.sql.control;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.Locale;

/**
 * Checks what stands behind UNTIL of MySQL's START REPLICA; no more is needed, for a relay applies
 * nothing that could stop somewhere. Confined to one parse.
 */
final class UntilParser {
  private static final int BAD_UNTIL = 1277;

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ReplicationWords words;
  private boolean file;
  private boolean position;

  UntilParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.words = tokens.words();
  }

  void parse() {
    if (lexer.isWord("SQL_BEFORE_GTIDS") || lexer.isWord("SQL_AFTER_GTIDS")) {
      lexer.next();
      tokens.expect('=');
      tokens.string();
      return;
    }
    if (lexer.accept("SQL_AFTER_MTS_GAPS")) {
      return;
    }
    do {
      coordinate();
    } while (lexer.accept(','));
    if (!file || !position) {
      throw new SqlError(
          new ReplyError(
              BAD_UNTIL,
              "HY000",
              "Incorrect parameter or combination of parameters for START "
                  + words.replica().toUpperCase(Locale.ROOT)
                  + " UNTIL"));
    }
  }

  private void coordinate() {
    String name = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    boolean known =
        name.startsWith("RELAY_LOG_")
            || (name.startsWith("MASTER_LOG_") && words.hasOld())
            || (name.startsWith("SOURCE_LOG_") && words.hasChangeSource());
    if (!known || !(name.endsWith("_LOG_FILE") || name.endsWith("_LOG_POS"))) {
      throw tokens.syntax();
    }
    lexer.next();
    tokens.expect('=');
    if (name.endsWith("_FILE")) {
      tokens.string();
      file = true;
    } else {
      tokens.number();
      position = true;
    }
  }
}

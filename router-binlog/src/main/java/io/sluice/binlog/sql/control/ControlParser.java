package io.sluice.binlog.sql.control;

import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.mysql.sql.SqlLexer;
import java.util.Locale;
import java.util.Set;

/** Parses statements that change something. Confined to one parse. */
public final class ControlParser {
  private static final Set<String> FIRST_WORDS =
      Set.of("CHANGE", "START", "STOP", "RESET", "PURGE", "FLUSH", "KILL");

  private final Tokens tokens;
  private final SqlLexer lexer;

  /** From the first word of the statement. */
  public ControlParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** Whether a statement with this first word, in upper case, is parsed here. */
  public static boolean knows(String firstWord) {
    return FIRST_WORDS.contains(firstWord);
  }

  /** The statement. */
  public ControlStatement parse() {
    if (lexer.accept("KILL")) {
      return kill();
    }
    throw SqlError.unsupported(lexer.text().toUpperCase(Locale.ROOT));
  }

  private ControlStatement kill() {
    if (!lexer.accept("HARD")) {
      lexer.accept("SOFT");
    }
    boolean query = lexer.accept("QUERY");
    if (!query) {
      lexer.accept("CONNECTION");
    }
    if (lexer.isWord("USER") || lexer.isWord("ID")) {
      throw SqlError.unsupported("KILL " + lexer.text().toUpperCase(Locale.ROOT));
    }
    return new ControlStatement.Kill(tokens.number(), !query);
  }
}

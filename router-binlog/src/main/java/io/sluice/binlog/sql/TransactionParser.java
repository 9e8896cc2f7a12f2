package io.sluice.binlog.sql;

import io.sluice.mysql.sql.SqlLexer;
import java.util.Locale;
import java.util.Set;

/** Parses the statements around transactions and locks. Confined to one parse. */
final class TransactionParser {
  private static final Set<String> WORDS =
      Set.of("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "UNLOCK");

  private final Tokens tokens;
  private final SqlLexer lexer;

  TransactionParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  static boolean knows(String word) {
    return WORDS.contains(word);
  }

  /** From one of the words on. */
  ReplicationStatement parse() {
    String word = lexer.text().toUpperCase(Locale.ROOT);
    lexer.next();
    switch (word) {
      case "BEGIN" -> {
        lexer.accept("WORK");
        return new ReplicationStatement.Transaction(true);
      }
      case "COMMIT", "ROLLBACK" -> {
        lexer.accept("WORK");
        if (word.equals("ROLLBACK") && lexer.accept("TO")) {
          lexer.accept("SAVEPOINT");
          tokens.name();
          return new ReplicationStatement.Nothing();
        }
        return new ReplicationStatement.Transaction(isChained());
      }
      case "UNLOCK" -> {
        if (!lexer.accept("TABLE")) {
          tokens.expect("TABLES");
        }
        return new ReplicationStatement.Nothing();
      }
      default -> {
        if (word.equals("RELEASE")) {
          tokens.expect("SAVEPOINT");
        }
        tokens.name();
        return new ReplicationStatement.Nothing();
      }
    }
  }

  private boolean isChained() {
    boolean chained = false;
    if (lexer.accept("AND")) {
      chained = !lexer.accept("NO");
      tokens.expect("CHAIN");
    }
    if (lexer.accept("NO")) {
      tokens.expect("RELEASE");
    } else if (lexer.isWord("RELEASE")) {
      throw SqlError.unsupported("RELEASE");
    }
    return chained;
  }

  /** From behind START TRANSACTION on. */
  ReplicationStatement start() {
    while (!lexer.isEnd() && !lexer.isSymbol(';')) {
      if (lexer.accept("WITH")) {
        tokens.expect("CONSISTENT");
        tokens.expect("SNAPSHOT");
      } else {
        tokens.expect("READ");
        if (!lexer.accept("ONLY")) {
          tokens.expect("WRITE");
        }
      }
      if (!lexer.accept(',')) {
        break;
      }
    }
    return new ReplicationStatement.Transaction(true);
  }
}

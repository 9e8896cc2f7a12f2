package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Item;
import io.sluice.binlog.sql.control.ControlParser;
import io.sluice.binlog.sql.show.ShowParser;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Parses one statement by recursive descent over the tokens of the protocol's lexer. Anything that
 * is SQL but not for a relay is "not supported" (1235), anything else a syntax error (1064). Throws
 * only {@link SqlError}. Stateless: {@link #parse} may be called on any thread.
 */
public final class StatementParser {
  private static final Set<String> IGNORED =
      Set.of("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "UNLOCK", "DO");

  private static final Set<String> SQL_WORDS =
      Set.of(
          "ALTER",
          "ANALYZE",
          "BACKUP",
          "CACHE",
          "CALL",
          "CHECK",
          "CHECKSUM",
          "CREATE",
          "DEALLOCATE",
          "DELETE",
          "DESC",
          "DESCRIBE",
          "DROP",
          "EXECUTE",
          "EXPLAIN",
          "GRANT",
          "HANDLER",
          "HELP",
          "INSERT",
          "INSTALL",
          "LOAD",
          "LOCK",
          "OPTIMIZE",
          "PREPARE",
          "RENAME",
          "REPAIR",
          "REPLACE",
          "REVOKE",
          "SHUTDOWN",
          "TRUNCATE",
          "UNINSTALL",
          "UPDATE",
          "VALUES",
          "WITH",
          "XA");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ExpressionParser expressions;

  private StatementParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.expressions = new ExpressionParser(tokens);
  }

  /**
   * Parses a statement.
   *
   * @throws SqlError if it is none that the relay knows
   */
  public static ReplicationStatement parse(String sql) {
    return new StatementParser(new Tokens(sql)).statement();
  }

  private ReplicationStatement statement() {
    while (lexer.accept(';')) {
      // Empty statements in front do no harm.
    }
    if (lexer.isEnd()) {
      throw new SqlError(new ReplyError(1065, "42000", "Query was empty"));
    }
    String first = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    ReplicationStatement statement =
        switch (first) {
          case "SELECT" -> select();
          case "SET" -> set();
          case "SHOW" -> {
            lexer.next();
            yield new ReplicationStatement.Show(new ShowParser(tokens).show());
          }
          case "USE" -> use();
          case "START" -> start();
          default -> ControlParser.knows(first) ? control() : other(first);
        };
    lexer.accept(';');
    if (!lexer.isEnd()) {
      throw tokens.syntax();
    }
    return statement;
  }

  private ReplicationStatement other(String first) {
    if (IGNORED.contains(first)) {
      tokens.skipRest();
      return new ReplicationStatement.Nothing();
    }
    if (SQL_WORDS.contains(first)) {
      throw SqlError.unsupported(first);
    }
    throw tokens.syntax();
  }

  private ReplicationStatement start() {
    long mark = lexer.mark();
    lexer.next();
    if (lexer.isWord("TRANSACTION")) {
      tokens.skipRest();
      return new ReplicationStatement.Nothing();
    }
    lexer.reset(mark);
    return control();
  }

  private ReplicationStatement control() {
    return new ReplicationStatement.Control(new ControlParser(tokens).parse());
  }

  // SELECT

  private ReplicationStatement select() {
    try {
      return selectWithoutTables();
    } catch (SqlError e) {
      // Right SQL for a server with tables is not called wrong.
      throw restNamesTables() ? SqlError.unsupported("SELECT ... FROM") : e;
    }
  }

  private boolean restNamesTables() {
    while (!lexer.isEnd()) {
      if (lexer.isWord("FROM")) {
        return true;
      }
      lexer.next();
    }
    return false;
  }

  private ReplicationStatement selectWithoutTables() {
    lexer.next();
    List<Item> items = new ArrayList<>();
    do {
      items.add(item());
    } while (lexer.accept(','));
    if (lexer.accept("FROM")) {
      if (!lexer.accept("DUAL")) {
        throw SqlError.unsupported("SELECT ... FROM");
      }
    }
    boolean limited = lexer.accept("LIMIT") && limit();
    if (lexer.isWord("INTO") || lexer.isWord("WHERE") || lexer.isWord("UNION")) {
      throw SqlError.unsupported("SELECT ... " + lexer.text().toUpperCase(Locale.ROOT));
    }
    return new ReplicationStatement.Select(items, limited);
  }

  /** The rest of a LIMIT; whether it leaves no row. */
  private boolean limit() {
    long count = tokens.number();
    long offset = 0;
    if (lexer.accept(',')) {
      offset = count;
      count = tokens.number();
    } else if (lexer.accept("OFFSET")) {
      offset = tokens.number();
    }
    return count == 0 || offset > 0;
  }

  private Item item() {
    int from = lexer.start();
    Expression expression = expressions.expression();
    String label = tokens.text(from, expressions.end());
    if (lexer.accept("AS")) {
      label = tokens.name();
    } else if (lexer.is(TokenType.QUOTED_NAME)
        || lexer.is(TokenType.STRING)
        || (lexer.is(TokenType.WORD) && !endsItem())) {
      label = tokens.name();
    }
    return new Item(label, expression);
  }

  private boolean endsItem() {
    return lexer.isWord("FROM")
        || lexer.isWord("LIMIT")
        || lexer.isWord("INTO")
        || lexer.isWord("WHERE")
        || lexer.isWord("UNION");
  }

  // SET

  private ReplicationStatement set() {
    lexer.next();
    if (lexer.isWord("NAMES") || lexer.isWord("CHARACTER") || lexer.isWord("CHARSET")) {
      return new ReplicationStatement.Set(characterSet());
    }
    if (lexer.isWord("TRANSACTION")) {
      tokens.skipRest();
      return new ReplicationStatement.Nothing();
    }
    for (String word : List.of("PASSWORD", "ROLE", "DEFAULT", "STATEMENT")) {
      if (lexer.isWord(word)) {
        throw SqlError.unsupported("SET " + word);
      }
    }
    List<Assignment> assignments = new ArrayList<>();
    do {
      long mark = lexer.mark();
      if ((lexer.accept("SESSION") || lexer.accept("LOCAL") || lexer.accept("GLOBAL"))
          && lexer.isWord("TRANSACTION")) {
        tokens.skipRest();
        return new ReplicationStatement.Nothing();
      }
      lexer.reset(mark);
      if (lexer.isWord("NAMES")) {
        assignments.addAll(characterSet());
      } else {
        assignments.add(assignment());
      }
    } while (lexer.accept(','));
    return new ReplicationStatement.Set(assignments);
  }

  private List<Assignment> characterSet() {
    if (lexer.accept("CHARACTER")) {
      tokens.expect("SET");
    } else {
      lexer.next();
    }
    String charset = tokens.name();
    if (lexer.accept("COLLATE")) {
      tokens.name();
    }
    List<Assignment> assignments = new ArrayList<>();
    if (!charset.equalsIgnoreCase("DEFAULT")) {
      Expression value = ExpressionParser.literal(SqlValue.text(charset.toLowerCase(Locale.ROOT)));
      for (String name :
          List.of("character_set_client", "character_set_connection", "character_set_results")) {
        assignments.add(new Assignment(false, false, name, value));
      }
    }
    return assignments;
  }

  private Assignment assignment() {
    if (lexer.is(TokenType.USER_VARIABLE)) {
      String name = lexer.value().toLowerCase(Locale.ROOT);
      lexer.next();
      assign();
      return new Assignment(true, false, name, expressions.expression());
    }
    boolean global = false;
    String name;
    if (lexer.is(TokenType.SYSTEM_VARIABLE)) {
      global = lexer.scope().equals("global");
      name = lexer.value();
      lexer.next();
    } else {
      if (lexer.accept("GLOBAL")) {
        global = true;
      } else if (!lexer.accept("SESSION")) {
        lexer.accept("LOCAL");
      }
      name = tokens.name();
    }
    assign();
    return new Assignment(false, global, name.toLowerCase(Locale.ROOT), settingValue());
  }

  private void assign() {
    if (lexer.is(TokenType.ASSIGN)) {
      lexer.next();
    } else {
      tokens.expect('=');
    }
  }

  /** The value of a system variable may be a bare word, such as ON or utf8mb4. */
  private Expression settingValue() {
    if (lexer.is(TokenType.WORD)) {
      long mark = lexer.mark();
      String word = lexer.text();
      lexer.next();
      if (!lexer.isSymbol('(')) {
        return switch (word.toUpperCase(Locale.ROOT)) {
          case "DEFAULT" -> new Expression.Default();
          case "NULL" -> ExpressionParser.literal(SqlValue.NULL);
          default -> ExpressionParser.literal(SqlValue.text(word));
        };
      }
      lexer.reset(mark);
    }
    return expressions.expression();
  }

  // USE

  private ReplicationStatement use() {
    lexer.next();
    return new ReplicationStatement.UseDatabase(tokens.name());
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.ReplicationStatement.Item;
import io.sluice.binlog.sql.ReplicationStatement.Select;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses SELECT without tables, and DO. Confined to one parse. */
final class SelectParser {
  private static final Set<String> HINTS =
      Set.of(
          "ALL",
          "DISTINCT",
          "DISTINCTROW",
          "HIGH_PRIORITY",
          "SQL_NO_CACHE",
          "SQL_CACHE",
          "SQL_CALC_FOUND_ROWS",
          "SQL_BUFFER_RESULT",
          "SQL_SMALL_RESULT",
          "SQL_BIG_RESULT");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ExpressionParser expressions;

  SelectParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.expressions = new ExpressionParser(tokens);
  }

  /** From the word DO on. */
  Select doStatement() {
    lexer.next();
    List<Item> items = new ArrayList<>();
    do {
      items.add(item());
    } while (lexer.accept(','));
    return new Select(items, null, false, true);
  }

  /** From the word SELECT on. */
  Select select() {
    long mark = lexer.mark();
    try {
      return withoutTables();
    } catch (SqlError e) {
      // Right SQL for a server with tables is not called wrong.
      lexer.reset(mark);
      SqlError tables = tablesInRest();
      throw tables == null ? e : tables;
    }
  }

  /** What to say of the first table that the rest names; null if there is none. */
  private @Nullable SqlError tablesInRest() {
    while (!lexer.isEnd()) {
      if (lexer.accept("FROM")) {
        boolean named =
            (lexer.is(TokenType.WORD) && !lexer.isWord("DUAL")) || lexer.is(TokenType.QUOTED_NAME);
        return named ? table() : lexer.isSymbol('(') ? unsupportedFrom() : null;
      }
      lexer.next();
    }
    return null;
  }

  private SqlError table() {
    String database = tokens.name();
    return lexer.accept('.') && (lexer.is(TokenType.WORD) || lexer.is(TokenType.QUOTED_NAME))
        ? tokens.dialect().noTable(database, tokens.name())
        : unsupportedFrom();
  }

  private static SqlError unsupportedFrom() {
    return SqlError.unsupported("SELECT ... FROM");
  }

  private Select withoutTables() {
    lexer.next();
    while (lexer.is(TokenType.WORD) && HINTS.contains(lexer.text().toUpperCase(Locale.ROOT))) {
      lexer.next();
    }
    List<Item> items = new ArrayList<>();
    do {
      if (lexer.isSymbol('*')) {
        throw new SqlError(new ReplyError(1096, "HY000", "No tables used"));
      }
      items.add(item());
    } while (lexer.accept(','));
    if (lexer.accept("FROM") && !lexer.accept("DUAL")) {
      throw lexer.is(TokenType.WORD) || lexer.is(TokenType.QUOTED_NAME) ? table() : tokens.syntax();
    }
    Expression where = lexer.accept("WHERE") ? expressions.expression() : null;
    orderBy();
    boolean limited = lexer.accept("LIMIT") && limit();
    lock();
    if (lexer.isWord("INTO") || lexer.isWord("UNION") || lexer.isWord("GROUP")) {
      throw SqlError.unsupported("SELECT ... " + lexer.text().toUpperCase(Locale.ROOT));
    }
    return new Select(items, where, limited, false);
  }

  private void orderBy() {
    if (lexer.accept("ORDER")) {
      tokens.expect("BY");
      do {
        expressions.expression();
        if (!lexer.accept("ASC")) {
          lexer.accept("DESC");
        }
      } while (lexer.accept(','));
    }
  }

  private void lock() {
    if (lexer.accept("FOR")) {
      tokens.expect("UPDATE");
    } else if (lexer.accept("LOCK")) {
      tokens.expect("IN");
      tokens.expect("SHARE");
      tokens.expect("MODE");
    }
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
    if (expression instanceof Expression.Literal literal && !label.startsWith("-")) {
      label = literal.label();
    }
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
    return Functions.isReserved(lexer.text().toUpperCase(Locale.ROOT)) || lexer.isWord("LOCK");
  }
}

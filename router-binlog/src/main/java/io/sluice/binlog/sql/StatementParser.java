package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.control.ControlParser;
import io.sluice.binlog.sql.control.ControlStatement;
import io.sluice.binlog.sql.show.ShowParser;
import io.sluice.binlog.sql.show.ShowStatement;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.Locale;
import java.util.Set;

/**
 * Parses one statement by recursive descent over the tokens of the protocol's lexer. Anything that
 * is SQL but not for a relay is "not supported" (1235), anything else a syntax error (1064). Throws
 * only {@link SqlError}. Stateless: {@link #parse} may be called on any thread.
 */
public final class StatementParser {
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

  private StatementParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /**
   * Parses a statement as the newest MariaDB server does.
   *
   * @throws SqlError if it is none that the relay knows
   */
  public static ReplicationStatement parse(String sql) {
    return parse(sql, PresentedVersion.NEWEST);
  }

  /**
   * Parses a statement as a server of that version does.
   *
   * @param version its grammar, and which executable comments count
   * @throws SqlError if it is none that the relay knows
   */
  public static ReplicationStatement parse(String sql, PresentedVersion version) {
    return new StatementParser(new Tokens(sql, version)).statement();
  }

  private ReplicationStatement statement() {
    while (lexer.accept(';')) {
      // Empty statements in front do no harm.
    }
    if (lexer.isEnd()) {
      if (!tokens.isBlank()) {
        return new ReplicationStatement.Nothing();
      }
      throw new SqlError(new ReplyError(1065, "42000", "Query was empty"));
    }
    String first = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    ReplicationStatement statement =
        switch (first) {
          case "SELECT" -> new SelectParser(tokens).select();
          case "DO" -> new SelectParser(tokens).doStatement();
          case "SET" -> new SetParser(tokens).set();
          case "SHOW" -> {
            lexer.next();
            ShowStatement show = new ShowParser(tokens).show();
            yield new ReplicationStatement.Show(show, tokens.warnings());
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
    if (TransactionParser.knows(first)) {
      return new TransactionParser(tokens).parse();
    }
    if (SQL_WORDS.contains(first)) {
      throw SqlError.unsupported(first);
    }
    throw tokens.syntax();
  }

  private ReplicationStatement start() {
    long mark = lexer.mark();
    lexer.next();
    if (lexer.accept("TRANSACTION")) {
      return new TransactionParser(tokens).start();
    }
    lexer.reset(mark);
    return control();
  }

  private ReplicationStatement control() {
    ControlStatement control = new ControlParser(tokens).parse();
    return new ReplicationStatement.Control(control, tokens.warnings());
  }

  private ReplicationStatement use() {
    lexer.next();
    return new ReplicationStatement.UseDatabase(tokens.name());
  }
}

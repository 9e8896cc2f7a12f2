package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.NameFilter;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.Tokens;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parses what stands behind SHOW. Confined to one parse. */
public final class ShowParser {
  private final Tokens tokens;
  private final SqlLexer lexer;

  /** From behind the word SHOW. */
  public ShowParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** The statement. */
  public ShowStatement show() {
    if (lexer.accept("GLOBAL")) {
      return variablesOrStatus(true);
    }
    if (lexer.accept("SESSION") || lexer.accept("LOCAL")) {
      return variablesOrStatus(false);
    }
    String word = lexer.is(TokenType.WORD) ? lexer.text().toUpperCase(Locale.ROOT) : "";
    return switch (word) {
      case "VARIABLES", "STATUS" -> variablesOrStatus(false);
      case "MASTER" -> showMaster();
      case "BINLOG" -> words(Subject.MASTER_STATUS, "BINLOG", "STATUS");
      case "BINARY" -> showBinary();
      case "SLAVE", "REPLICA" -> showSlave();
      case "REPLICAS" -> words(Subject.SLAVE_HOSTS, "REPLICAS");
      case "ALL" -> showAllSlaves();
      case "FULL" -> words(Subject.PROCESSLIST, "FULL", "PROCESSLIST");
      case "PROCESSLIST" -> words(Subject.PROCESSLIST, "PROCESSLIST");
      case "WARNINGS", "ERRORS" -> {
        tokens.skipRest();
        yield new ShowStatement(Subject.WARNINGS, null);
      }
      case "DATABASES", "SCHEMAS" -> {
        tokens.skipRest();
        yield new ShowStatement(Subject.DATABASES, null);
      }
      case "" -> throw tokens.syntax();
      default -> throw SqlError.unsupported("SHOW " + word);
    };
  }

  private ShowStatement variablesOrStatus(boolean global) {
    if (lexer.accept("VARIABLES")) {
      Subject subject = global ? Subject.GLOBAL_VARIABLES : Subject.SESSION_VARIABLES;
      return new ShowStatement(subject, filter());
    }
    tokens.expect("STATUS");
    return new ShowStatement(Subject.STATUS, filter());
  }

  private ShowStatement words(Subject subject, String... words) {
    for (String word : words) {
      if (!lexer.accept(word)) {
        if (lexer.is(TokenType.WORD)) {
          throw SqlError.unsupported(
              "SHOW " + words[0] + " " + lexer.text().toUpperCase(Locale.ROOT));
        }
        throw tokens.syntax();
      }
    }
    return new ShowStatement(subject, null);
  }

  private ShowStatement showMaster() {
    lexer.next();
    if (lexer.accept("LOGS")) {
      return new ShowStatement(Subject.BINARY_LOGS, null);
    }
    return words(Subject.MASTER_STATUS, "STATUS");
  }

  private ShowStatement showBinary() {
    lexer.next();
    if (lexer.accept("LOG")) {
      return words(Subject.MASTER_STATUS, "STATUS");
    }
    return words(Subject.BINARY_LOGS, "LOGS");
  }

  private ShowStatement showSlave() {
    lexer.next();
    if (lexer.accept("HOSTS")) {
      return new ShowStatement(Subject.SLAVE_HOSTS, null);
    }
    if (lexer.is(TokenType.STRING)) { // SHOW SLAVE 'connection name' STATUS
      lexer.next();
    }
    tokens.expect("STATUS");
    if (lexer.isWord("FOR")) {
      tokens.skipRest();
    }
    return new ShowStatement(Subject.SLAVE_STATUS, null);
  }

  private ShowStatement showAllSlaves() {
    lexer.next();
    if (!lexer.accept("REPLICAS")) {
      tokens.expect("SLAVES");
    }
    return words(Subject.ALL_SLAVES_STATUS, "STATUS");
  }

  private @Nullable NameFilter filter() {
    if (lexer.accept("LIKE")) {
      return NameFilter.like(tokens.string());
    }
    if (!lexer.accept("WHERE")) {
      return null;
    }
    NameFilter filter = condition();
    while (lexer.accept("OR")) {
      filter = filter.or(condition());
    }
    return filter;
  }

  private NameFilter condition() {
    if (!lexer.isText("VARIABLE_NAME") && !lexer.isText("`VARIABLE_NAME`")) {
      throw SqlError.unsupported("SHOW ... WHERE " + lexer.text());
    }
    lexer.next();
    if (lexer.accept('=')) {
      return NameFilter.in(List.of(tokens.string()));
    }
    if (lexer.accept("LIKE")) {
      return NameFilter.like(tokens.string());
    }
    tokens.expect("IN");
    tokens.expect('(');
    List<String> names = new ArrayList<>();
    do {
      names.add(tokens.string());
    } while (lexer.accept(','));
    tokens.expect(')');
    return NameFilter.in(names);
  }
}

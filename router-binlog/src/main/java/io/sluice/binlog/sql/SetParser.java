package io.sluice.binlog.sql;

import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Target;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parses what stands behind SET. Confined to one parse. */
final class SetParser {
  private static final Set<String> OTHERS = Set.of("PASSWORD", "DEFAULT", "STATEMENT");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private final ExpressionParser expressions;

  SetParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
    this.expressions = new ExpressionParser(tokens);
  }

  /** From the word SET on. */
  ReplicationStatement set() {
    lexer.next();
    if (lexer.is(TokenType.WORD)) {
      String word = lexer.text().toUpperCase(Locale.ROOT);
      if (OTHERS.contains(word)) {
        throw SqlError.unsupported("SET " + word);
      }
    }
    if (isPersist()) {
      throw SqlError.unsupported("SET PERSIST");
    }
    if (lexer.isWord("ROLE") && isBeforeRoles()) {
      throw SqlError.unknownVariable("ROLE");
    }
    if (lexer.accept("ROLE")) {
      if (!lexer.accept("NONE")) {
        throw SqlError.unsupported("SET ROLE");
      }
      return new ReplicationStatement.Nothing();
    }
    List<Assignment> assignments = new ArrayList<>();
    do {
      long mark = lexer.mark();
      if (!lexer.accept("SESSION") && !lexer.accept("LOCAL")) {
        lexer.accept("GLOBAL");
      }
      if (lexer.isWord("TRANSACTION")) {
        transaction();
        return new ReplicationStatement.Nothing();
      }
      lexer.reset(mark);
      assignments.add(assignment());
    } while (lexer.accept(','));
    return new ReplicationStatement.Set(assignments);
  }

  private boolean isBeforeRoles() {
    return tokens.version().isMySql() && !tokens.version().isAtLeast(8, 0);
  }

  private boolean isPersist() {
    boolean word = lexer.isWord("PERSIST") || lexer.isWord("PERSIST_ONLY");
    return word && tokens.version().isMySql() && tokens.version().isAtLeast(8, 0);
  }

  private void transaction() {
    lexer.next();
    do {
      if (lexer.accept("READ")) {
        if (!lexer.accept("ONLY")) {
          tokens.expect("WRITE");
        }
        continue;
      }
      tokens.expect("ISOLATION");
      tokens.expect("LEVEL");
      if (lexer.accept("READ")) {
        if (!lexer.accept("COMMITTED")) {
          tokens.expect("UNCOMMITTED");
        }
      } else if (lexer.accept("REPEATABLE")) {
        tokens.expect("READ");
      } else {
        tokens.expect("SERIALIZABLE");
      }
    } while (lexer.accept(','));
  }

  private Assignment assignment() {
    if (lexer.is(TokenType.USER_VARIABLE)) {
      String name = lexer.value().toLowerCase(Locale.ROOT);
      lexer.next();
      assign();
      return new Assignment(Target.USER, name, expressions.expression());
    }
    if (lexer.isWord("NAMES") || lexer.isWord("CHARACTER") || lexer.isWord("CHARSET")) {
      return characterSet();
    }
    Target target = Target.SESSION;
    String name;
    if (lexer.is(TokenType.SYSTEM_VARIABLE)) {
      target = lexer.scope().equals("global") ? Target.GLOBAL : Target.SESSION;
      name = lexer.value();
      lexer.next();
    } else {
      if (lexer.accept("GLOBAL")) {
        target = Target.GLOBAL;
      } else if (!lexer.accept("SESSION")) {
        lexer.accept("LOCAL");
      }
      name = tokens.name();
    }
    assign();
    return new Assignment(target, name.toLowerCase(Locale.ROOT), settingValue());
  }

  private Assignment characterSet() {
    Target target = lexer.isWord("NAMES") ? Target.NAMES : Target.CHARACTER_SET;
    if (lexer.accept("CHARACTER")) {
      tokens.expect("SET");
    } else {
      lexer.next();
    }
    if (lexer.accept("DEFAULT")) {
      return new Assignment(target, "", new Expression.Default());
    }
    String charset = tokens.name();
    String collation = "";
    if (target == Target.NAMES && lexer.accept("COLLATE") && !lexer.accept("DEFAULT")) {
      collation = tokens.name();
    }
    return new Assignment(target, collation, ExpressionParser.literal(SqlValue.text(charset)));
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
          case "TRUE" -> ExpressionParser.literal(SqlValue.of(1));
          case "FALSE" -> ExpressionParser.literal(SqlValue.of(0));
          default -> ExpressionParser.literal(SqlValue.text(word));
        };
      }
      lexer.reset(mark);
    }
    return expressions.expression();
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Parses expressions: literals, variables, functions. Confined to one parse. */
final class ExpressionParser {
  /** No client nests deeper; a hostile one shall not exhaust the stack. */
  private static final int MAX_DEPTH = 32;

  private static final List<String> COMPARISONS = List.of("=", ">", "<", ">=", "<=", "<>", "!=");

  private final Tokens tokens;
  private final SqlLexer lexer;
  private int depth;
  private int end;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.lexer = tokens.lexer();
  }

  /** An expression; {@link #end} is the end of its last token then. */
  Expression expression() {
    if (++depth > MAX_DEPTH) {
      throw tokens.syntax();
    }
    Expression expression = disjunction();
    depth--;
    return expression;
  }

  private Expression disjunction() {
    Expression left = conjunction();
    while (lexer.accept("OR")) {
      left = new Expression.Call("OR", List.of(left, conjunction()));
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (lexer.accept("AND")) {
      left = new Expression.Call("AND", List.of(left, negation()));
    }
    return left;
  }

  private Expression negation() {
    boolean negated = false;
    while (lexer.accept("NOT")) {
      negated = !negated;
    }
    Expression inner = comparison();
    return negated ? new Expression.Call("NOT", List.of(inner)) : inner;
  }

  private Expression comparison() {
    Expression left = unit();
    for (String operator : COMPARISONS) {
      if (lexer.is(TokenType.SYMBOL) && lexer.isText(operator)) {
        lexer.next();
        return new Expression.Call(operator, List.of(left, unit()));
      }
    }
    return left;
  }

  /** Where the last expression ended. */
  int end() {
    return end;
  }

  private Expression unit() {
    TokenType type = lexer.type();
    int tokenEnd = lexer.end();
    switch (type) {
      case STRING -> {
        String value = lexer.value();
        lexer.next();
        end = tokenEnd;
        return literal(SqlValue.text(value));
      }
      case NUMBER -> {
        return numberLiteral("");
      }
      case SYMBOL -> {
        return symbolExpression();
      }
      case SYSTEM_VARIABLE -> {
        Expression variable =
            new Expression.SystemVariable(lexer.scope(), lexer.value().toLowerCase(Locale.ROOT));
        lexer.next();
        end = tokenEnd;
        return variable;
      }
      case USER_VARIABLE -> {
        Expression variable = new Expression.UserVariable(lexer.value().toLowerCase(Locale.ROOT));
        lexer.next();
        end = tokenEnd;
        return variable;
      }
      case WORD -> {
        return wordExpression();
      }
      default -> throw tokens.syntax();
    }
  }

  static Expression literal(SqlValue value) {
    return new Expression.Literal(value);
  }

  private Expression numberLiteral(String sign) {
    if (!lexer.is(TokenType.NUMBER)) {
      throw tokens.syntax();
    }
    String text = sign + lexer.text();
    end = lexer.end();
    lexer.next();
    boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    return literal(new SqlValue(text, whole ? SqlValue.Type.INTEGER : SqlValue.Type.DECIMAL));
  }

  private Expression symbolExpression() {
    if (lexer.accept('-')) {
      return numberLiteral("-");
    }
    if (lexer.accept('+')) {
      return numberLiteral("");
    }
    if (lexer.accept('(')) {
      Expression inner = expression();
      end = lexer.end();
      tokens.expect(')');
      return inner;
    }
    throw tokens.syntax();
  }

  private Expression wordExpression() {
    String word = lexer.text().toUpperCase(Locale.ROOT);
    end = lexer.end();
    lexer.next();
    if (!lexer.isSymbol('(')) {
      return switch (word) {
        case "NULL" -> literal(SqlValue.NULL);
        case "TRUE" -> literal(SqlValue.of(1));
        case "FALSE" -> literal(SqlValue.of(0));
        case "CURRENT_USER", "CURRENT_TIMESTAMP" -> new Expression.Call(word, List.of());
        default ->
            throw new SqlError(
                new ReplyError(
                    1054,
                    "42S22",
                    "Unknown column '" + word.toLowerCase(Locale.ROOT) + "' in 'SELECT'"));
      };
    }
    lexer.next();
    List<Expression> arguments = new ArrayList<>();
    if (!lexer.isSymbol(')')) {
      do {
        arguments.add(expression());
      } while (lexer.accept(','));
    }
    end = lexer.end();
    tokens.expect(')');
    return new Expression.Call(word, arguments);
  }
}

package io.sluice.binlog.sql;

import io.sluice.mysql.sql.SqlLexer;
import io.sluice.mysql.sql.TokenType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Parses expressions: literals, variables, functions and operators, with a server's precedence.
 * Confined to one parse.
 */
final class ExpressionParser {
  /** No client nests deeper; a hostile one shall not exhaust the stack. */
  private static final int MAX_DEPTH = 32;

  private static final List<String> COMPARISONS =
      List.of("=", "<=>", ">", "<", ">=", "<=", "<>", "!=");

  private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

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

  /** Where the last expression ended. */
  int end() {
    return end;
  }

  private static Expression call(String name, Expression... arguments) {
    return new Expression.Call(name, List.of(arguments));
  }

  private boolean accept(String word) {
    int tokenEnd = lexer.end();
    if (lexer.accept(word)) {
      end = tokenEnd;
      return true;
    }
    return false;
  }

  private boolean acceptMark(String mark) {
    int tokenEnd = lexer.end();
    if (lexer.is(TokenType.SYMBOL) && lexer.isText(mark)) {
      lexer.next();
      end = tokenEnd;
      return true;
    }
    return false;
  }

  private Expression disjunction() {
    Expression left = conjunction();
    while (accept("OR") || acceptMark("||")) {
      left = call("OR", left, conjunction());
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (accept("AND") || acceptMark("&&")) {
      left = call("AND", left, negation());
    }
    return left;
  }

  private Expression negation() {
    boolean negated = false;
    while (accept("NOT")) {
      negated = !negated;
    }
    Expression inner = comparison();
    return negated ? call("NOT", inner) : inner;
  }

  private Expression comparison() {
    Expression left = sum();
    while (true) {
      String operator = comparisonMark();
      if (operator != null) {
        left = call(operator, left, sum());
        continue;
      }
      if (accept("IS")) {
        left = isWhat(left);
        continue;
      }
      boolean negated = accept("NOT");
      Expression found;
      if (accept("LIKE")) {
        found = call("LIKE", left, sum());
      } else if (accept("IN")) {
        found = in(left);
      } else if (accept("BETWEEN")) {
        Expression low = sum();
        tokens.expect("AND");
        found = call("AND", call(">=", left, low), call("<=", left, sum()));
      } else if (negated) {
        throw tokens.syntax();
      } else {
        return left;
      }
      left = negated ? call("NOT", found) : found;
    }
  }

  private @org.jspecify.annotations.Nullable String comparisonMark() {
    for (String operator : COMPARISONS) {
      if (acceptMark(operator)) {
        return operator;
      }
    }
    return null;
  }

  private Expression isWhat(Expression left) {
    boolean negated = accept("NOT");
    Expression found;
    if (accept("NULL")) {
      found = call("ISNULL", left);
    } else if (accept("TRUE")) {
      found = call("IFNULL", call("!=", left, literal(SqlValue.of(0))), literal(SqlValue.of(0)));
    } else if (accept("FALSE")) {
      found = call("IFNULL", call("=", left, literal(SqlValue.of(0))), literal(SqlValue.of(0)));
    } else {
      throw tokens.syntax();
    }
    return negated ? call("NOT", found) : found;
  }

  private Expression in(Expression left) {
    tokens.expect('(');
    List<Expression> arguments = new ArrayList<>();
    arguments.add(left);
    do {
      arguments.add(expression());
    } while (lexer.accept(','));
    close();
    return new Expression.Call("IN", arguments);
  }

  private void close() {
    end = lexer.end();
    tokens.expect(')');
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      if (acceptMark("+")) {
        left = call("+", left, product());
      } else if (acceptMark("-")) {
        left = call("-", left, product());
      } else {
        return left;
      }
    }
  }

  private Expression product() {
    Expression left = unary();
    while (true) {
      String operator =
          acceptMark("*")
              ? "*"
              : acceptMark("/")
                  ? "/"
                  : acceptMark("%") || accept("MOD") ? "%" : accept("DIV") ? "DIV" : "";
      if (operator.isEmpty()) {
        return left;
      }
      left = call(operator, left, unary());
    }
  }

  private Expression unary() {
    if (lexer.accept('-')) {
      if (lexer.is(TokenType.NUMBER)) {
        int from = lexer.start();
        Expression.Literal literal = (Expression.Literal) numberLiteral();
        SqlValue value = literal.value();
        // The column is named as it was typed, which only a label of the whole item can tell.
        return new Expression.Literal(
            new SqlValue("-" + value.text(), value.type()), "-" + tokens.text(from, end));
      }
      return call("-", literal(SqlValue.of(0)), deeper());
    }
    if (lexer.accept('+')) {
      return deeper();
    }
    if (lexer.is(TokenType.GARBAGE) && lexer.isText("!")) {
      throw tokens.syntax();
    }
    return lexer.accept('!') ? call("NOT", deeper()) : unit();
  }

  private Expression deeper() {
    if (++depth > MAX_DEPTH) {
      throw tokens.syntax();
    }
    Expression inner = unary();
    depth--;
    return inner;
  }

  private Expression unit() {
    TokenType type = lexer.type();
    int tokenEnd = lexer.end();
    switch (type) {
      case STRING -> {
        return textLiteral();
      }
      case NUMBER -> {
        return numberLiteral();
      }
      case SYMBOL -> {
        tokens.expect('(');
        Expression inner = expression();
        close();
        return inner;
      }
      case SYSTEM_VARIABLE -> {
        Expression variable =
            new Expression.SystemVariable(lexer.scope(), lexer.value().toLowerCase(Locale.ROOT));
        if (lexer.value().isEmpty()) {
          throw tokens.syntax();
        }
        lexer.next();
        end = tokenEnd;
        return variable;
      }
      case USER_VARIABLE -> {
        String name = lexer.value().toLowerCase(Locale.ROOT);
        lexer.next();
        end = tokenEnd;
        if (lexer.is(TokenType.ASSIGN)) {
          lexer.next();
          return new Expression.Assignment(name, expression());
        }
        return new Expression.UserVariable(name);
      }
      case QUOTED_NAME -> throw unknownColumn(lexer.value());
      case WORD -> {
        return wordExpression();
      }
      default -> throw tokens.syntax();
    }
  }

  /** Texts that stand side by side are one. */
  private Expression textLiteral() {
    StringBuilder text = new StringBuilder();
    String label = lexer.value();
    do {
      text.append(lexer.value());
      end = lexer.end();
      lexer.next();
    } while (lexer.is(TokenType.STRING) && lexer.start() > end);
    boolean first = tokens.version().isMySql() || text.length() == label.length();
    return new Expression.Literal(SqlValue.text(text.toString()), first ? label : text.toString());
  }

  static Expression literal(SqlValue value) {
    return new Expression.Literal(value, String.valueOf(value.text()));
  }

  private Expression numberLiteral() {
    String text = lexer.text();
    end = lexer.end();
    lexer.next();
    SqlValue.Type type;
    String value = text;
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      type = SqlValue.Type.DOUBLE;
      value = Functions.printed(Double.parseDouble(text));
    } else if (text.indexOf('.') >= 0) {
      type = SqlValue.Type.DECIMAL;
      value = text.startsWith(".") ? "0" + text : text;
    } else {
      BigInteger number = new BigInteger(text);
      value = number.toString();
      type =
          number.compareTo(MAX_INT) <= 0
              ? SqlValue.Type.INT
              : number.compareTo(MAX_LONG) <= 0
                  ? SqlValue.Type.BIGINT
                  : SqlValue.Type.UNSIGNED_BIGINT;
    }
    return new Expression.Literal(new SqlValue(value, type), text);
  }

  private SqlError unknownColumn(String name) {
    return tokens.dialect().unknownColumn(name);
  }

  private Expression wordExpression() {
    String typed = lexer.text();
    if (tokens.dialect().isDollarQuote(typed)) {
      throw tokens.syntax();
    }
    String word = typed.toUpperCase(Locale.ROOT);
    end = lexer.end();
    lexer.next();
    if (word.equals("CASE")) {
      return choice();
    }
    if (!lexer.isSymbol('(')) {
      return switch (word) {
        case "NULL" -> new Expression.Literal(SqlValue.NULL, word);
        case "TRUE" -> new Expression.Literal(SqlValue.of(1), word);
        case "FALSE" -> new Expression.Literal(SqlValue.of(0), word);
        case "CURRENT_USER", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP" -> call(word);
        default -> {
          if (word.startsWith("_") && lexer.is(TokenType.STRING)) { // _utf8'text'
            yield textLiteral();
          }
          if (Functions.isReserved(word)) {
            throw tokens.syntaxNear(typed + tokens.text(end, tokens.length()));
          }
          throw unknownColumn(typed);
        }
      };
    }
    lexer.next();
    List<Expression> arguments = new ArrayList<>();
    if (!lexer.isSymbol(')')) {
      do {
        arguments.add(expression());
      } while (lexer.accept(','));
    }
    close();
    return new Expression.Call(word, arguments);
  }

  /** CASE, as nested IFs. */
  private Expression choice() {
    Expression subject = lexer.isWord("WHEN") ? null : expression();
    List<Expression> conditions = new ArrayList<>();
    List<Expression> results = new ArrayList<>();
    while (lexer.accept("WHEN")) {
      Expression condition = expression();
      conditions.add(subject == null ? condition : call("=", subject, condition));
      tokens.expect("THEN");
      results.add(expression());
    }
    if (conditions.isEmpty()) {
      throw tokens.syntax();
    }
    Expression chosen = lexer.accept("ELSE") ? expression() : literal(SqlValue.NULL);
    end = lexer.end();
    tokens.expect("END");
    for (int i = conditions.size() - 1; i >= 0; i--) {
      chosen = call("IF", conditions.get(i), results.get(i), chosen);
    }
    return chosen;
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators and functions whose value depends on their arguments alone. Stateless. */
final class Functions {
  /** Words that cannot be names of columns: where they do not belong the statement is wrong. */
  private static final Set<String> RESERVED =
      Set.of(
          "FROM", "WHERE", "LIMIT", "AS", "AND", "OR", "SELECT", "SET", "INTO", "UNION", "ORDER",
          "GROUP", "HAVING", "FOR", "LIKE", "IN", "IS", "BETWEEN", "THEN", "WHEN", "ELSE", "BY",
          "END");

  private Functions() {}

  static boolean isReserved(String word) {
    return RESERVED.contains(word);
  }

  /**
   * Applies a function or operator; null if there is none of this name.
   *
   * @throws SqlError if it takes another number of arguments
   */
  static @Nullable SqlValue apply(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "=", ">", "<", ">=", "<=", "<>", "!=", "<=>", "LIKE" -> compare(name, arguments);
      case "IN" -> in(arguments);
      case "OR", "AND", "NOT", "ISNULL" -> logic(name, arguments);
      case "+", "-", "*", "/", "%", "DIV" -> arithmetic(name, arguments.get(0), arguments.get(1));
      case "IF", "IFNULL", "NULLIF", "COALESCE" -> choose(name, arguments);
      default -> TextFunctions.apply(name, arguments);
    };
  }

  static SqlError wrongCount(String name) {
    return new SqlError(
        new ReplyError(
            1582,
            "42000",
            "Incorrect parameter count in the call to native function '"
                + name.toLowerCase(Locale.ROOT)
                + "'"));
  }

  static void arguments(String name, List<SqlValue> arguments, int from, int to) {
    if (arguments.size() < from || arguments.size() > to) {
      throw wrongCount(name);
    }
  }

  private static SqlValue compare(String operator, List<SqlValue> arguments) {
    SqlValue left = arguments.get(0);
    SqlValue right = arguments.get(1);
    String first = left.text();
    String second = right.text();
    if (first == null || second == null) {
      return SqlValue.truth(operator.equals("<=>") ? (first == null && second == null) : null);
    }
    if (operator.equals("LIKE")) {
      return SqlValue.truth(NameFilter.likes(second).test(first.toLowerCase(Locale.ROOT)));
    }
    boolean numbers = left.type().isNumber() || right.type().isNumber();
    int order =
        numbers
            ? left.number().compareTo(right.number())
            : first.stripTrailing().compareToIgnoreCase(second.stripTrailing());
    return SqlValue.truth(
        switch (operator) {
          case "=", "<=>" -> order == 0;
          case ">" -> order > 0;
          case "<" -> order < 0;
          case ">=" -> order >= 0;
          case "<=" -> order <= 0;
          default -> order != 0;
        });
  }

  private static SqlValue in(List<SqlValue> arguments) {
    Boolean found = Boolean.FALSE;
    for (SqlValue candidate : arguments.subList(1, arguments.size())) {
      Boolean equal = compare("=", List.of(arguments.get(0), candidate)).truth();
      if (Boolean.TRUE.equals(equal)) {
        return SqlValue.truth(true);
      }
      found = equal == null ? null : found;
    }
    return SqlValue.truth(found);
  }

  private static SqlValue logic(String operator, List<SqlValue> arguments) {
    Boolean first = arguments.get(0).truth();
    if (operator.equals("ISNULL")) {
      arguments(operator, arguments, 1, 1);
      return SqlValue.truth(arguments.get(0).isNull());
    }
    if (operator.equals("NOT")) {
      return SqlValue.truth(first == null ? null : !first);
    }
    // The value that decides alone: a true one for OR, a false one for AND.
    boolean decisive = operator.equals("OR");
    Boolean second = arguments.get(1).truth();
    if ((first != null && first == decisive) || (second != null && second == decisive)) {
      return SqlValue.truth(decisive);
    }
    return SqlValue.truth((first == null || second == null) ? null : !decisive);
  }

  private static SqlValue choose(String name, List<SqlValue> arguments) {
    switch (name) {
      case "IF" -> {
        arguments(name, arguments, 3, 3);
        SqlValue chosen = arguments.get(Boolean.TRUE.equals(arguments.get(0).truth()) ? 1 : 2);
        return chosen.as(arguments.get(1).type().or(arguments.get(2).type()));
      }
      case "NULLIF" -> {
        arguments(name, arguments, 2, 2);
        boolean equal = Boolean.TRUE.equals(compare("=", arguments).truth());
        return equal ? new SqlValue(null, arguments.get(0).type()) : arguments.get(0);
      }
      default -> {
        arguments(name, arguments, name.equals("IFNULL") ? 2 : 1, name.equals("IFNULL") ? 2 : 99);
        SqlValue.Type type = SqlValue.Type.NULL;
        SqlValue chosen = null;
        for (SqlValue argument : arguments) {
          type = type.or(argument.type());
          if (chosen == null && !argument.isNull()) {
            chosen = argument;
          }
        }
        return new SqlValue(chosen == null ? null : chosen.text(), type);
      }
    }
  }

  private static SqlValue arithmetic(String operator, SqlValue left, SqlValue right) {
    SqlValue.Type type = resultType(operator, left.type(), right.type());
    if (left.isNull() || right.isNull()) {
      return new SqlValue(null, type);
    }
    BigDecimal a = left.number();
    BigDecimal b = right.number();
    BigDecimal result =
        switch (operator) {
          case "+" -> a.add(b);
          case "-" -> a.subtract(b);
          case "*" -> a.multiply(b);
          default -> divided(operator, a, b);
        };
    if (result == null) {
      return new SqlValue(null, type);
    }
    String text =
        type == SqlValue.Type.DOUBLE ? printed(result.doubleValue()) : result.toPlainString();
    return new SqlValue(text, type);
  }

  private static SqlValue.Type resultType(
      String operator, SqlValue.Type left, SqlValue.Type right) {
    boolean whole = left.isWhole() && right.isWhole();
    if (operator.equals("/")) {
      return whole || left == SqlValue.Type.DECIMAL || right == SqlValue.Type.DECIMAL
          ? SqlValue.Type.DECIMAL
          : SqlValue.Type.DOUBLE;
    }
    if (!left.isNumber() || !right.isNumber()) {
      return SqlValue.Type.DOUBLE;
    }
    return left.or(right);
  }

  /** Null for a division by zero, which is NULL. */
  private static @Nullable BigDecimal divided(String operator, BigDecimal a, BigDecimal b) {
    if (b.signum() == 0) {
      return null;
    }
    return switch (operator) {
      case "/" -> a.divide(b, Math.max(0, a.scale()) + 4, RoundingMode.HALF_UP);
      case "DIV" -> a.divideToIntegralValue(b).setScale(0, RoundingMode.DOWN);
      default -> a.remainder(b);
    };
  }

  /** A floating-point number as servers print it: without decimals if there are none. */
  static String printed(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value).replace("E", "e");
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Operators and functions whose value depends on their arguments alone. Stateless. */
final class Functions {
  private Functions() {}

  /**
   * Applies a function or operator.
   *
   * @throws SqlError if there is none of this name, or it takes another number of arguments
   */
  static SqlValue apply(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "=", ">", "<", ">=", "<=", "<>", "!=" -> compare(name, arguments);
      case "OR", "AND", "NOT" -> logic(name, arguments);
      case "IF" -> condition(arguments);
      case "IFNULL", "COALESCE" -> firstKnown(arguments);
      case "CONCAT",
          "LOWER",
          "LCASE",
          "UPPER",
          "UCASE",
          "REPLACE",
          "LENGTH",
          "CHAR_LENGTH",
          "LOCATE",
          "INSTR",
          "FIND_IN_SET" ->
          onTexts(name, arguments);
      default ->
          throw new SqlError(
              new ReplyError(
                  1305, "42000", "FUNCTION " + name.toLowerCase(Locale.ROOT) + " does not exist"));
    };
  }

  static void arguments(String name, List<SqlValue> arguments, int count) {
    if (arguments.size() != count) {
      throw new SqlError(
          new ReplyError(
              1582,
              "42000",
              "Incorrect parameter count in the call to native function '" + name + "'"));
    }
  }

  private static SqlValue compare(String operator, List<SqlValue> arguments) {
    String left = arguments.get(0).text();
    String right = arguments.get(1).text();
    if (left == null || right == null) {
      return SqlValue.NULL;
    }
    boolean numbers =
        arguments.get(0).type() == SqlValue.Type.INTEGER
            || arguments.get(1).type() == SqlValue.Type.INTEGER;
    int order =
        numbers
            ? Long.compare(arguments.get(0).asLong(), arguments.get(1).asLong())
            : left.compareToIgnoreCase(right);
    return truth(
        switch (operator) {
          case "=" -> order == 0;
          case ">" -> order > 0;
          case "<" -> order < 0;
          case ">=" -> order >= 0;
          case "<=" -> order <= 0;
          default -> order != 0;
        });
  }

  private static SqlValue truth(boolean value) {
    return SqlValue.of(value ? 1 : 0);
  }

  /** NULL counts as false where a server would answer NULL: no client asks for the difference. */
  private static SqlValue logic(String operator, List<SqlValue> arguments) {
    boolean first = isTrue(arguments.get(0));
    return truth(
        switch (operator) {
          case "OR" -> first || isTrue(arguments.get(1));
          case "AND" -> first && isTrue(arguments.get(1));
          default -> !first;
        });
  }

  private static boolean isTrue(SqlValue value) {
    return value.asLong() != 0;
  }

  private static SqlValue condition(List<SqlValue> arguments) {
    arguments("IF", arguments, 3);
    return isTrue(arguments.get(0)) ? arguments.get(1) : arguments.get(2);
  }

  private static SqlValue firstKnown(List<SqlValue> arguments) {
    for (SqlValue argument : arguments) {
      if (!argument.isNull()) {
        return argument;
      }
    }
    return SqlValue.NULL;
  }

  private static SqlValue onTexts(String name, List<SqlValue> arguments) {
    String[] texts = new String[arguments.size()];
    for (int i = 0; i < texts.length; i++) {
      @Nullable String text = arguments.get(i).text();
      if (text == null) {
        return SqlValue.NULL;
      }
      texts[i] = text;
    }
    int expected =
        switch (name) {
          case "CONCAT" -> texts.length;
          case "REPLACE" -> 3;
          case "LOCATE", "INSTR", "FIND_IN_SET" -> 2;
          default -> 1;
        };
    arguments(name, arguments, expected);
    return switch (name) {
      case "CONCAT" -> SqlValue.text(String.join("", texts));
      case "LOWER", "LCASE" -> SqlValue.text(texts[0].toLowerCase(Locale.ROOT));
      case "UPPER", "UCASE" -> SqlValue.text(texts[0].toUpperCase(Locale.ROOT));
      case "REPLACE" -> SqlValue.text(replace(texts));
      case "LOCATE" -> SqlValue.of(position(texts[1], texts[0]));
      case "INSTR" -> SqlValue.of(position(texts[0], texts[1]));
      case "FIND_IN_SET" -> SqlValue.of(findInSet(texts[0], texts[1]));
      default -> SqlValue.of(texts[0].length());
    };
  }

  private static String replace(String[] texts) {
    return texts[1].isEmpty() ? texts[0] : texts[0].replace(texts[1], texts[2]);
  }

  private static int position(String text, String part) {
    return text.toLowerCase(Locale.ROOT).indexOf(part.toLowerCase(Locale.ROOT)) + 1;
  }

  private static int findInSet(String element, String set) {
    String[] elements = set.split(",", -1);
    for (int i = 0; i < elements.length; i++) {
      if (elements[i].equalsIgnoreCase(element)) {
        return i + 1;
      }
    }
    return 0;
  }
}

package io.sluice.binlog.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text functions that drivers and tools use. All are NULL if an argument is. Stateless. */
final class TextFunctions {
  /** The smallest and the largest number of arguments. */
  private record Arity(int from, int to) {}

  private static final Map<String, Arity> ARITIES =
      Map.ofEntries(
          Map.entry("CONCAT", new Arity(1, 99)),
          Map.entry("LOWER", new Arity(1, 1)),
          Map.entry("LCASE", new Arity(1, 1)),
          Map.entry("UPPER", new Arity(1, 1)),
          Map.entry("UCASE", new Arity(1, 1)),
          Map.entry("TRIM", new Arity(1, 1)),
          Map.entry("REPLACE", new Arity(3, 3)),
          Map.entry("LENGTH", new Arity(1, 1)),
          Map.entry("OCTET_LENGTH", new Arity(1, 1)),
          Map.entry("CHAR_LENGTH", new Arity(1, 1)),
          Map.entry("CHARACTER_LENGTH", new Arity(1, 1)),
          Map.entry("LOCATE", new Arity(2, 2)),
          Map.entry("INSTR", new Arity(2, 2)),
          Map.entry("FIND_IN_SET", new Arity(2, 2)),
          Map.entry("LEFT", new Arity(2, 2)),
          Map.entry("RIGHT", new Arity(2, 2)),
          Map.entry("SUBSTRING", new Arity(2, 3)),
          Map.entry("SUBSTR", new Arity(2, 3)),
          Map.entry("MID", new Arity(2, 3)),
          Map.entry("SUBSTRING_INDEX", new Arity(3, 3)));

  private TextFunctions() {}

  static @Nullable SqlValue apply(String name, List<SqlValue> arguments) {
    Arity arity = ARITIES.get(name);
    if (arity == null) {
      return null;
    }
    Functions.arguments(name, arguments, arity.from, arity.to);
    boolean known = arguments.stream().noneMatch(SqlValue::isNull);
    return switch (name) {
      case "LENGTH",
          "OCTET_LENGTH",
          "CHAR_LENGTH",
          "CHARACTER_LENGTH",
          "LOCATE",
          "INSTR",
          "FIND_IN_SET" ->
          known
              ? SqlValue.of(number(name, texts(arguments)))
              : new SqlValue(null, SqlValue.Type.INT);
      default ->
          new SqlValue(known ? text(name, texts(arguments), arguments) : null, type(arguments));
    };
  }

  private static SqlValue.Type type(List<SqlValue> arguments) {
    return arguments.get(0).type().isLong() ? SqlValue.Type.LONG_TEXT : SqlValue.Type.TEXT;
  }

  private static String[] texts(List<SqlValue> arguments) {
    return arguments.stream().map(value -> String.valueOf(value.text())).toArray(String[]::new);
  }

  private static int number(String name, String[] texts) {
    return switch (name) {
      case "LOCATE" -> position(texts[1], texts[0]);
      case "INSTR" -> position(texts[0], texts[1]);
      case "FIND_IN_SET" -> findInSet(texts[0], texts[1]);
      case "LENGTH", "OCTET_LENGTH" -> texts[0].getBytes(StandardCharsets.UTF_8).length;
      default -> texts[0].codePointCount(0, texts[0].length());
    };
  }

  private static @Nullable String text(String name, String[] texts, List<SqlValue> arguments) {
    String text = texts[0];
    return switch (name) {
      case "CONCAT" -> String.join("", texts);
      case "LOWER", "LCASE" -> text.toLowerCase(Locale.ROOT);
      case "UPPER", "UCASE" -> text.toUpperCase(Locale.ROOT);
      case "TRIM" -> text.strip();
      case "REPLACE" -> texts[1].isEmpty() ? text : text.replace(texts[1], texts[2]);
      case "LEFT" -> part(text, 1, arguments.get(1).asLong());
      case "RIGHT" -> {
        long length = Math.max(0, Math.min(arguments.get(1).asLong(), text.length()));
        yield text.substring(text.length() - (int) length);
      }
      case "SUBSTRING_INDEX" -> index(text, texts[1], arguments.get(2).asLong());
      default ->
          part(
              text,
              arguments.get(1).asLong(),
              arguments.size() == 3 ? arguments.get(2).asLong() : Integer.MAX_VALUE);
    };
  }

  /** From a place that counts from 1, or from the end if it is negative. */
  private static String part(String text, long from, long length) {
    long begin = from > 0 ? from - 1 : from < 0 ? text.length() + from : -1;
    if (begin < 0 || begin >= text.length() || length <= 0) {
      return "";
    }
    return text.substring((int) begin, (int) Math.min(text.length(), begin + length));
  }

  private static String index(String text, String mark, long count) {
    if (mark.isEmpty() || count == 0) {
      return "";
    }
    int at = count > 0 ? -mark.length() : text.length();
    for (long i = 0; i < Math.abs(count); i++) {
      at = count > 0 ? text.indexOf(mark, at + mark.length()) : text.lastIndexOf(mark, at - 1);
      if (at < 0) {
        return text;
      }
    }
    return count > 0 ? text.substring(0, at) : text.substring(at + mark.length());
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

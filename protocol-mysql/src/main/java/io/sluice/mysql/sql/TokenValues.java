package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Decodes the bytes of tokens. */
final class TokenValues {

  private TokenValues() {}

  static String value(byte[] sql, int start, int end, TokenType type, boolean escapes) {
    return switch (type) {
      case STRING -> {
        int quote = sql[start] == '\'' || sql[start] == '"' ? start : start + 1;
        yield unquote(sql, quote, end, escapes);
      }
      case QUOTED_NAME -> unquote(sql, start, end, false);
      case USER_VARIABLE -> name(sql, start + 1, end, escapes);
      case SYSTEM_VARIABLE -> name(sql, start + 2 + scopeLength(sql, start, end), end, false);
      default -> new String(sql, start, end - start, UTF_8);
    };
  }

  static String scope(byte[] sql, int start, int end, TokenType type) {
    int length = type == TokenType.SYSTEM_VARIABLE ? scopeLength(sql, start, end) : 0;
    return length == 0
        ? ""
        : new String(sql, start + 2, length - 1, UTF_8).toLowerCase(Locale.ROOT);
  }

  /** The length of the scope with its dot, or 0. */
  private static int scopeLength(byte[] sql, int start, int end) {
    for (int i = start + 2; i < end; i++) {
      if (sql[i] == '.') {
        String first = new String(sql, start + 2, i - start - 2, UTF_8).toLowerCase(Locale.ROOT);
        return switch (first) {
          case "global", "session", "local", "persist", "persist_only" -> i - start - 1;
          default -> 0;
        };
      }
    }
    return 0;
  }

  private static String name(byte[] sql, int from, int end, boolean escapes) {
    boolean quoted = from < end && (sql[from] == '`' || sql[from] == '\'' || sql[from] == '"');
    return quoted
        ? unquote(sql, from, end, escapes && sql[from] != '`')
        : new String(sql, from, end - from, UTF_8);
  }

  private static String unquote(byte[] sql, int from, int end, boolean escapes) {
    byte quote = sql[from];
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - from);
    for (int i = from + 1; i < end - 1; i++) {
      byte b = sql[i];
      if (b == quote) {
        i++;
        out.write(quote);
      } else if (b == '\\' && escapes && i + 1 < end - 1) {
        i++;
        unescape(sql[i], out);
      } else {
        out.write(b);
      }
    }
    return out.toString(UTF_8);
  }

  /** The escapes of string literals; an unknown one stands for its own character. */
  private static void unescape(byte escaped, ByteArrayOutputStream out) {
    switch (escaped) {
      case '0' -> out.write(0);
      case 'b' -> out.write('\b');
      case 'n' -> out.write('\n');
      case 'r' -> out.write('\r');
      case 't' -> out.write('\t');
      case 'Z' -> out.write(26);
      case '%', '_' -> { // kept for LIKE, as servers do
        out.write('\\');
        out.write(escaped);
      }
      default -> out.write(escaped);
    }
  }
}

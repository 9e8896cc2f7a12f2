package io.sluice.binlog.sql;

/**
 * Takes the executable comments out of a statement that a MariaDB server of some version does not
 * execute: {@code /*!NNNNNN … *}{@code /} is for servers from that version on; to MariaDB the
 * numbers 50700 to 99999 are for MySQL alone, {@code /*M!…} is for MariaDB alone. Stateless.
 */
final class VersionComments {
  private static final int FIRST_OF_MYSQL_ALONE = 50_700;
  private static final int LAST_OF_MYSQL_ALONE = 99_999;

  private VersionComments() {}

  /** Overwrites with blanks what is not executed; offsets stay. */
  static void blank(byte[] sql, int version) {
    int i = 0;
    while (i < sql.length) {
      byte b = sql[i];
      if (b == '\'' || b == '"' || b == '`') {
        i = behindQuoted(sql, i);
      } else if (isAt(sql, i, "/*!") || isAt(sql, i, "/*M!")) {
        i = executable(sql, i, version);
      } else if (isAt(sql, i, "/*")) {
        i = behind(sql, i + 2, false);
      } else {
        i = behindLineComment(sql, i);
      }
    }
  }

  /** Behind a comment up to the end of the line, or one byte on if there is none. */
  static int behindLineComment(byte[] sql, int from) {
    boolean dashes = isAt(sql, from, "--") && (from + 2 == sql.length || sql[from + 2] <= ' ');
    if (sql[from] != '#' && !dashes) {
      return from + 1;
    }
    int i = from;
    while (i < sql.length && sql[i] != '\n') {
      i++;
    }
    return i;
  }

  static boolean isAt(byte[] sql, int at, String mark) {
    if (at + mark.length() > sql.length) {
      return false;
    }
    for (int i = 0; i < mark.length(); i++) {
      if (sql[at + i] != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static int behindQuoted(byte[] sql, int from) {
    byte quote = sql[from];
    int i = from + 1;
    while (i < sql.length && sql[i] != quote) {
      i += sql[i] == '\\' && quote != '`' ? 2 : 1;
    }
    return i + 1;
  }

  /** Behind the end of a comment; one comment inside counts if it is that kind. */
  static int behind(byte[] sql, int from, boolean nested) {
    int depth = 0;
    for (int i = from; i < sql.length; i++) {
      if (isAt(sql, i, "*/")) {
        if (depth == 0) {
          return i + 2;
        }
        depth--;
        i++;
      } else if (nested && isAt(sql, i, "/*")) {
        depth++;
        i++;
      }
    }
    return sql.length;
  }

  private static int executable(byte[] sql, int from, int version) {
    boolean mariaDb = sql[from + 2] == 'M';
    int i = from + (mariaDb ? 4 : 3);
    int digits = 0;
    int wanted = 0;
    while (digits < 6 && i + digits < sql.length && isDigit(sql[i + digits])) {
      wanted = wanted * 10 + sql[i + digits] - '0';
      digits++;
    }
    boolean executed =
        digits < 5
            || (wanted <= version
                && (mariaDb || wanted < FIRST_OF_MYSQL_ALONE || wanted > LAST_OF_MYSQL_ALONE));
    if (executed) {
      return i;
    }
    int end = behind(sql, i, true);
    for (int j = from; j < end; j++) {
      sql[j] = ' ';
    }
    return end;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}

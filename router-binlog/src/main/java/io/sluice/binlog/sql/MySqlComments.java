package io.sluice.binlog.sql;

/**
 * Takes the comments out of a statement as a MySQL server of some version does: {@code /*!NNNNN …
 * *}{@code /} counts for servers from that version on, the same without a number for all, and any
 * other comment for none, MariaDB's {@code /*M!} too. Stateless.
 */
final class MySqlComments {
  private static final int LEAST_DIGITS = 5;

  private MySqlComments() {}

  /**
   * Overwrites with blanks what is not executed, and the marks of what is; offsets stay. A comment
   * without end stays as it is.
   *
   * @param version such as 90704
   * @param digits how many digits the version in a comment may have
   */
  static void blank(byte[] sql, int version, int digits) {
    boolean inside = false;
    int i = 0;
    while (i < sql.length) {
      byte b = sql[i];
      if (b == '\'' || b == '"' || b == '`') {
        i = VersionComments.behindQuoted(sql, i);
      } else if (inside && VersionComments.isAt(sql, i, "*/")) {
        fill(sql, i, i + 2);
        inside = false;
        i += 2;
      } else if (!inside && VersionComments.isAt(sql, i, "/*!")) {
        int code = code(sql, i + 3, version, digits);
        inside = code > 0;
        if (inside) {
          fill(sql, i, code);
        }
        i = inside ? code : skip(sql, i, true);
      } else if (VersionComments.isAt(sql, i, "/*")) {
        i = skip(sql, i, false);
      } else {
        i = VersionComments.behindLineComment(sql, i);
      }
    }
  }

  /** Where the code of an executed comment begins, 0 if it is not executed. */
  private static int code(byte[] sql, int from, int version, int most) {
    int digits = 0;
    int wanted = 0;
    while (digits < most && from + digits < sql.length && isDigit(sql[from + digits])) {
      wanted = wanted * 10 + sql[from + digits] - '0';
      digits++;
    }
    if (digits < LEAST_DIGITS) {
      return from;
    }
    return wanted <= version ? from + digits : 0;
  }

  private static int skip(byte[] sql, int from, boolean nested) {
    int end = VersionComments.behind(sql, from + 2, nested);
    if (end <= sql.length && end >= from + 4 && VersionComments.isAt(sql, end - 2, "*/")) {
      fill(sql, from, end);
    }
    return end;
  }

  private static void fill(byte[] sql, int from, int to) {
    for (int i = from; i < to; i++) {
      sql[i] = ' ';
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}

package io.sluice.binlog.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The character sets and collations of MySQL servers, with the names that each version has for
 * them. Stateless.
 */
final class MySqlCharsets {
  private static final String OLD_UTF8 = "utf8";
  private static final String UTF8MB3 = "utf8mb3";
  private static final String UTF8MB4 = "utf8mb4";
  private static final String OLD_UTF8MB4_DEFAULT = "utf8mb4_general_ci";

  /** One collation, as version 9.7 names it. */
  private record Row(int number, String name, String set, boolean isDefault, boolean isNew) {}

  /** Loaded at first use. */
  private static final class Holder {
    static final List<Row> ROWS = load();

    private static List<Row> load() {
      List<Row> rows = new ArrayList<>();
      for (String[] line : ResourceTable.lines("mysql-collations.txt", ' ')) {
        rows.add(
            new Row(
                Integer.parseInt(line[0]),
                line[1],
                line[2],
                line[3].equals("D"),
                !line[4].equals("-")));
      }
      return List.copyOf(rows);
    }
  }

  private MySqlCharsets() {}

  /** A set by name, with its default collation; null if there is none. */
  static @Nullable Charset charset(PresentedVersion version, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String wanted = lower.equals(OLD_UTF8) ? UTF8MB3 : lower;
    if (wanted.equals(UTF8MB4) && !version.isAtLeast(8, 0)) {
      return new Charset(UTF8MB4, OLD_UTF8MB4_DEFAULT);
    }
    for (Row row : Holder.ROWS) {
      if (row.isDefault && row.set.equals(wanted) && has(version, row)) {
        return named(version, row);
      }
    }
    return null;
  }

  /** A collation by name, with its set; null if there is none. */
  static @Nullable Charset collation(PresentedVersion version, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String wanted = lower.startsWith("utf8_") ? UTF8MB3 + lower.substring(4) : lower;
    for (Row row : Holder.ROWS) {
      if (row.name.equals(wanted) && has(version, row)) {
        return named(version, row);
      }
    }
    return null;
  }

  /** A collation by number, with its set; null if there is none that a client may have. */
  static @Nullable Charset number(PresentedVersion version, int number) {
    Charset charset = anyNumber(version, number);
    return charset != null && charset.isForClients() ? charset : null;
  }

  /** A collation by number, with its set; null if there is none. */
  static @Nullable Charset anyNumber(PresentedVersion version, int number) {
    for (Row row : Holder.ROWS) {
      if (row.number == number && has(version, row)) {
        return named(version, row);
      }
    }
    return null;
  }

  private static boolean has(PresentedVersion version, Row row) {
    // What 5.6 does not have came with 8.0, but for gb18030, which came with 5.7.
    return !row.isNew
        || (row.set.equals("gb18030") ? version.isAtLeast(5, 7) : version.isAtLeast(8, 0));
  }

  private static Charset named(PresentedVersion version, Row row) {
    if (!row.set.equals(UTF8MB3)) {
      return new Charset(row.set, row.name);
    }
    return new Charset(
        version.isAtLeast(8, 0, 28) ? UTF8MB3 : OLD_UTF8,
        version.isAtLeast(8, 0, 30) ? row.name : OLD_UTF8 + row.name.substring(UTF8MB3.length()));
  }
}

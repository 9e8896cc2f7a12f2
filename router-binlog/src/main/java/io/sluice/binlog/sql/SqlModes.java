package io.sluice.binlog.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of sql_mode of one family and version, in the order of their bits. Immutable. */
final class SqlModes {
  private static final String NO_AUTO_CREATE_USER = "NO_AUTO_CREATE_USER";
  private static final String HIGH_NOT_PRECEDENCE = "HIGH_NOT_PRECEDENCE";

  private static final List<String> FIRST =
      List.of(
          "REAL_AS_FLOAT",
          "PIPES_AS_CONCAT",
          "ANSI_QUOTES",
          "IGNORE_SPACE",
          "IGNORE_BAD_TABLE_OPTIONS",
          "ONLY_FULL_GROUP_BY",
          "NO_UNSIGNED_SUBTRACTION",
          "NO_DIR_IN_CREATE",
          "POSTGRESQL",
          "ORACLE",
          "MSSQL",
          "DB2",
          "MAXDB",
          "NO_KEY_OPTIONS",
          "NO_TABLE_OPTIONS",
          "NO_FIELD_OPTIONS",
          "MYSQL323",
          "MYSQL40",
          "ANSI",
          "NO_AUTO_VALUE_ON_ZERO",
          "NO_BACKSLASH_ESCAPES",
          "STRICT_TRANS_TABLES",
          "STRICT_ALL_TABLES",
          "NO_ZERO_IN_DATE",
          "NO_ZERO_DATE",
          "ALLOW_INVALID_DATES",
          "ERROR_FOR_DIVISION_BY_ZERO",
          "TRADITIONAL",
          NO_AUTO_CREATE_USER,
          HIGH_NOT_PRECEDENCE,
          "NO_ENGINE_SUBSTITUTION",
          "PAD_CHAR_TO_FULL_LENGTH");

  /** What MariaDB has and MySQL never had. */
  private static final Set<String> OF_MARIADB = Set.of("IGNORE_BAD_TABLE_OPTIONS");

  /** What MySQL 8.0 has no more. */
  private static final Set<String> UNTIL_5_7 =
      Set.of(
          "POSTGRESQL",
          "ORACLE",
          "MSSQL",
          "DB2",
          "MAXDB",
          "NO_KEY_OPTIONS",
          "NO_TABLE_OPTIONS",
          "NO_FIELD_OPTIONS",
          "MYSQL323",
          "MYSQL40",
          NO_AUTO_CREATE_USER);

  private static final List<String> ANSI =
      List.of("REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE");

  private static final List<String> TRADITIONAL =
      List.of(
          "STRICT_TRANS_TABLES",
          "STRICT_ALL_TABLES",
          "NO_ZERO_IN_DATE",
          "NO_ZERO_DATE",
          "ERROR_FOR_DIVISION_BY_ZERO",
          "NO_ENGINE_SUBSTITUTION");

  /** How databases of others name tables. */
  private static final List<String> FOREIGN =
      List.of(
          "PIPES_AS_CONCAT",
          "ANSI_QUOTES",
          "IGNORE_SPACE",
          "NO_KEY_OPTIONS",
          "NO_TABLE_OPTIONS",
          "NO_FIELD_OPTIONS");

  /** MariaDB's. */
  static final SqlModes MARIADB =
      new SqlModes(
          with(FIRST, "EMPTY_STRING_IS_NULL", "SIMULTANEOUS_ASSIGNMENT", "TIME_ROUND_FRACTIONAL"),
          Map.of(
              "ANSI",
              ANSI,
              "TRADITIONAL",
              with(TRADITIONAL, NO_AUTO_CREATE_USER),
              "ORACLE",
              with(FOREIGN, NO_AUTO_CREATE_USER, "SIMULTANEOUS_ASSIGNMENT")));

  private static final SqlModes MYSQL_5_6 = ofOldMySql(ANSI);
  private static final SqlModes MYSQL_5_7 = ofOldMySql(with(ANSI, "ONLY_FULL_GROUP_BY"));

  private static final SqlModes MYSQL_8 =
      new SqlModes(
          without(UNTIL_5_7, with(without(OF_MARIADB, FIRST), "TIME_TRUNCATE_FRACTIONAL")),
          Map.of("ANSI", with(ANSI, "ONLY_FULL_GROUP_BY"), "TRADITIONAL", TRADITIONAL));

  /** The name of each bit, empty for one without meaning. */
  private final List<String> modes;

  private final Map<String, List<String>> combined;

  private SqlModes(List<String> modes, Map<String, List<String>> combined) {
    this.modes = modes;
    this.combined = combined;
  }

  private static SqlModes ofOldMySql(List<String> ansi) {
    List<String> old = with(FOREIGN, NO_AUTO_CREATE_USER);
    return new SqlModes(
        without(OF_MARIADB, FIRST),
        Map.of(
            "ANSI",
            ansi,
            "TRADITIONAL",
            with(TRADITIONAL, NO_AUTO_CREATE_USER),
            "ORACLE",
            old,
            "MAXDB",
            old,
            "POSTGRESQL",
            FOREIGN,
            "MSSQL",
            FOREIGN,
            "DB2",
            FOREIGN,
            "MYSQL323",
            List.of(HIGH_NOT_PRECEDENCE),
            "MYSQL40",
            List.of(HIGH_NOT_PRECEDENCE)));
  }

  /** MySQL's. */
  static SqlModes ofMySql(PresentedVersion version) {
    return version.isAtLeast(8, 0) ? MYSQL_8 : version.isAtLeast(5, 7) ? MYSQL_5_7 : MYSQL_5_6;
  }

  private static List<String> with(List<String> modes, String... more) {
    List<String> all = new ArrayList<>(modes);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private static List<String> without(Set<String> missing, List<String> modes) {
    return modes.stream().map(mode -> missing.contains(mode) ? "" : mode).toList();
  }

  /** A list of modes as the variable shows it; null if one of them does not exist. */
  @Nullable String normal(String list) {
    Set<String> wanted = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      String mode = part.strip().toUpperCase(Locale.ROOT);
      if (mode.isEmpty()) {
        continue;
      }
      if (!modes.contains(mode)) {
        return null;
      }
      wanted.add(mode);
      wanted.addAll(combined.getOrDefault(mode, List.of()));
    }
    List<String> ordered = new ArrayList<>(modes);
    ordered.retainAll(wanted);
    return String.join(",", ordered);
  }

  /** The modes of a bit map; null if it has others. */
  @Nullable String ofBits(long bits) {
    if (bits < 0 || bits >>> modes.size() != 0) {
      return null;
    }
    List<String> named = new ArrayList<>();
    for (int i = 0; i < modes.size(); i++) {
      if ((bits >>> i & 1) != 0) {
        if (modes.get(i).isEmpty()) {
          return null;
        }
        named.add(modes.get(i));
      }
    }
    return String.join(",", named);
  }
}

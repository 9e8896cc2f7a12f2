package io.sluice.binlog.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of sql_mode, in a MariaDB server's order. Stateless. */
final class SqlModes {
  private static final List<String> MODES =
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
          "NO_AUTO_CREATE_USER",
          "HIGH_NOT_PRECEDENCE",
          "NO_ENGINE_SUBSTITUTION",
          "PAD_CHAR_TO_FULL_LENGTH",
          "EMPTY_STRING_IS_NULL",
          "SIMULTANEOUS_ASSIGNMENT",
          "TIME_ROUND_FRACTIONAL");

  private static final Map<String, List<String>> COMBINED =
      Map.of(
          "ANSI",
          List.of("REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE"),
          "TRADITIONAL",
          List.of(
              "STRICT_TRANS_TABLES",
              "STRICT_ALL_TABLES",
              "NO_ZERO_IN_DATE",
              "NO_ZERO_DATE",
              "ERROR_FOR_DIVISION_BY_ZERO",
              "NO_AUTO_CREATE_USER",
              "NO_ENGINE_SUBSTITUTION"),
          "ORACLE",
          List.of(
              "PIPES_AS_CONCAT",
              "ANSI_QUOTES",
              "IGNORE_SPACE",
              "NO_KEY_OPTIONS",
              "NO_TABLE_OPTIONS",
              "NO_FIELD_OPTIONS",
              "NO_AUTO_CREATE_USER",
              "SIMULTANEOUS_ASSIGNMENT"));

  private SqlModes() {}

  /** A list of modes as the variable shows it; null if one of them does not exist. */
  static @Nullable String normal(String list) {
    Set<String> wanted = new LinkedHashSet<>();
    for (String part : list.split(",", -1)) {
      String mode = part.strip().toUpperCase(Locale.ROOT);
      if (mode.isEmpty()) {
        continue;
      }
      if (!MODES.contains(mode)) {
        return null;
      }
      wanted.add(mode);
      wanted.addAll(COMBINED.getOrDefault(mode, List.of()));
    }
    List<String> ordered = new ArrayList<>(MODES);
    ordered.retainAll(wanted);
    return String.join(",", ordered);
  }

  /** The modes of a bit map; null if it has others. */
  static @Nullable String ofBits(long bits) {
    if (bits < 0 || bits >>> MODES.size() != 0) {
      return null;
    }
    List<String> modes = new ArrayList<>();
    for (int i = 0; i < MODES.size(); i++) {
      if ((bits >>> i & 1) != 0) {
        modes.add(MODES.get(i));
      }
    }
    return String.join(",", modes);
  }
}

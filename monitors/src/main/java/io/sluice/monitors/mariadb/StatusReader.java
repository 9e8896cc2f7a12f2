package io.sluice.monitors.mariadb;

import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what servers answer to the probes. Columns are found by name, in the words of MariaDB and
 * of MySQL. Source: the SHOW REPLICA STATUS pages of both public manuals.
 */
final class StatusReader {

  private StatusReader() {}

  /** The rows of SHOW VARIABLES, names in lower case. */
  static Map<String, String> variables(ResultSet rows) {
    Map<String, String> variables = new HashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      String name = rows.value(row, 0);
      String value = rows.value(row, 1);
      if (name != null && value != null) {
        variables.put(name.toLowerCase(Locale.ROOT), value);
      }
    }
    return variables;
  }

  /** The rows of SHOW ALL SLAVES STATUS or one of its relatives. */
  static List<ReplicaLink> links(ResultSet rows) {
    List<ReplicaLink> links = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      String host = text(rows, row, "Master_Host", "Source_Host");
      if (!host.isEmpty()) {
        links.add(link(rows, row, host));
      }
    }
    return links;
  }

  private static ReplicaLink link(ResultSet rows, int row, String host) {
    String lag = value(rows, row, "Seconds_Behind_Master", "Seconds_Behind_Source");
    String ioError = text(rows, row, "Last_IO_Error", "Last_IO_Error");
    String sqlError = text(rows, row, "Last_SQL_Error", "Last_SQL_Error");
    return new ReplicaLink(
        text(rows, row, "Connection_name", "Channel_Name"),
        host,
        (int) number(text(rows, row, "Master_Port", "Source_Port")),
        number(text(rows, row, "Master_Server_Id", "Source_Server_Id")),
        ReplicaLink.IoState.of(value(rows, row, "Slave_IO_Running", "Replica_IO_Running")),
        "Yes".equals(value(rows, row, "Slave_SQL_Running", "Replica_SQL_Running")),
        lag == null ? null : Duration.ofSeconds(number(lag)),
        ioError.isEmpty() ? sqlError : ioError);
  }

  private static String text(ResultSet rows, int row, String name, String other) {
    String value = value(rows, row, name, other);
    return value == null ? "" : value;
  }

  private static @Nullable String value(ResultSet rows, int row, String name, String other) {
    if (rows.hasColumn(name)) {
      return rows.value(row, name);
    }
    return rows.hasColumn(other) ? rows.value(row, other) : null;
  }

  /** A number that is not negative; 0 for anything else. */
  static long number(String text) {
    try {
      return Math.max(0, Long.parseLong(text.trim()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static boolean isOn(@Nullable String value) {
    return value != null && !value.equalsIgnoreCase("OFF") && !value.equals("0");
  }
}

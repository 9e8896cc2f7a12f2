package io.sluice.binlog.master;

import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.mysql.result.ResultSet;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a MySQL master says of its GTIDs. Immutable.
 *
 * @param mode its gtid_mode
 * @param executed all that it has, also what is under way: transactions are in the log, and may
 *     wait for our acknowledgement, before they are executed
 * @param purged what it has no more in its log
 */
record MySqlGtids(String mode, MySqlGtidSet executed, MySqlGtidSet purged) {
  /** What is under way is read before what is done, so that nothing is missed in between. */
  static final String QUESTION =
      "SELECT @@GLOBAL.GTID_MODE, @@GLOBAL.GTID_OWNED, @@GLOBAL.GTID_EXECUTED, @@GLOBAL.GTID_PURGED";

  /** A server before 5.6. */
  static final MySqlGtids NONE = new MySqlGtids("OFF", MySqlGtidSet.EMPTY, MySqlGtidSet.EMPTY);

  /** In {@code gtid_owned} each number is followed by its owner. */
  private static final Pattern OWNER = Pattern.compile("#\\d+");

  /**
   * Reads the answer to {@link #QUESTION}.
   *
   * @throws io.sluice.binlog.gtid.GtidFormatException if it holds no GTID sets
   */
  static MySqlGtids of(ResultSet result) {
    MySqlGtidSet owned = MySqlGtidSet.parse(OWNER.matcher(text(result, 1)).replaceAll(""));
    return new MySqlGtids(
        text(result, 0),
        MySqlGtidSet.parse(text(result, 2)).union(owned),
        MySqlGtidSet.parse(text(result, 3)));
  }

  private static String text(ResultSet result, int column) {
    String value =
        result.isEmpty() || result.columns().size() <= column ? null : result.value(0, column);
    return value == null ? "" : value;
  }

  /** SHOW VARIABLES cuts long values off; here they are whole. */
  Map<String, String> variables() {
    return purged.isEmpty() ? Map.of() : Map.of("gtid_purged", purged.toString());
  }

  /** Whether all of its transactions have GTIDs. */
  boolean isOn() {
    return mode.equals("ON");
  }
}

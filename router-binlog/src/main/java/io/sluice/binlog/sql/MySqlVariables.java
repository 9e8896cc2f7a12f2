package io.sluice.binlog.sql;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.store.BinlogStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * MySQL's: of what kind they are stands in a table, because a master says it to privileged users at
 * best; which of them there are the master's own list tells. Immutable.
 */
final class MySqlVariables implements VariableRules {
  private static final String GTID_EXECUTED = "gtid_executed";

  /** The rules of the few versions that one process sees. */
  private static final Map<PresentedVersion, MySqlVariables> KNOWN = new ConcurrentHashMap<>();

  /** One line of the table. */
  private record Row(VariableTraits traits, boolean nullIfEmpty, boolean fixedInSession) {}

  private final Map<String, Row> rows;
  private final Map<String, String> sessionOnly = new TreeMap<>();

  private MySqlVariables(Map<String, Row> rows) {
    this.rows = Map.copyOf(rows);
    rows.forEach(
        (name, row) -> {
          if (row.traits.isSessionOnly()) {
            sessionOnly.put(name, row.traits.sessionValue());
          }
        });
  }

  static MySqlVariables of(PresentedVersion version) {
    return KNOWN.computeIfAbsent(version, MySqlVariables::load);
  }

  private static MySqlVariables load(PresentedVersion version) {
    Map<String, Row> rows = new HashMap<>();
    for (String[] cells : ResourceTable.lines("mysql-variables.txt", '\t')) {
      List<String> line = new ArrayList<>(List.of(cells));
      boolean begun = line.get(4).equals("-") || isAtLeast(version, line.get(4));
      boolean over = !line.get(5).equals("-") && isAtLeast(version, line.get(5));
      if (begun && !over) {
        String flags = line.get(3);
        rows.put(
            line.get(0),
            new Row(
                new VariableTraits(
                    line.get(1).replace('_', ' '),
                    type(line.get(2)),
                    flags.contains("r"),
                    line.size() > 6 ? line.get(6) : ""),
                flags.contains("n"),
                flags.contains("s")));
      }
    }
    return new MySqlVariables(rows);
  }

  private static boolean isAtLeast(PresentedVersion version, String bound) {
    PresentedVersion wanted = PresentedVersion.of(bound);
    return version.isAtLeast(wanted.major(), wanted.minor(), wanted.patch());
  }

  /** In the words that MariaDB has for types. */
  private static String type(String word) {
    return switch (word) {
      case "UNSIGNED" -> "BIGINT UNSIGNED";
      case "SIGNED" -> "BIGINT";
      case "SWITCH" -> "BOOLEAN";
      case "TEXT" -> "VARCHAR";
      default -> word;
    };
  }

  @Override
  public @Nullable String own(
      String name, boolean global, @Nullable String masters, BinlogStore store) {
    if (masters == null) {
      return null;
    }
    return switch (name) {
      case GTID_EXECUTED -> {
        Row row = rows.get(GTID_EXECUTED);
        // Until 5.6 a session has a value of its own: what its transaction has executed so far.
        boolean all = global || row == null || row.traits.isGlobalOnly();
        yield all ? store.watermark().state().toString() : "";
      }
      case "gtid_purged" -> store.purgedState().toString();
      case "gtid_owned" -> "";
      // A replica that wants to acknowledge may do so where its source has the plugin.
      case "read_only",
          "super_read_only",
          "log_bin",
          "log_slave_updates",
          "log_replica_updates",
          "rpl_semi_sync_master_enabled",
          "rpl_semi_sync_source_enabled" ->
          "ON";
      default -> null;
    };
  }

  @Override
  public @Nullable VariableTraits traits(String name, MasterVariables master) {
    Row row = rows.get(name);
    if (row == null) {
      return null;
    }
    return row.traits.isSessionOnly() || master.get(name) != null ? row.traits : null;
  }

  @Override
  public Map<String, String> sessionOnly(MasterVariables master) {
    return sessionOnly;
  }

  @Override
  public @Nullable String ofNewSession(String name, MasterVariables master) {
    return sessionOnly.get(name);
  }

  @Override
  public boolean isTextSwitch(String name) {
    return name.startsWith("have_");
  }

  @Override
  public boolean isNullIfEmpty(String name) {
    Row row = rows.get(name);
    return row != null && row.nullIfEmpty;
  }

  @Override
  public boolean isFixedInSession(String name) {
    Row row = rows.get(name);
    return row != null && row.fixedInSession;
  }
}

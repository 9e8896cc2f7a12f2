package io.sluice.binlog.sql;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.constant.ErrorCode;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The system variables that the relay shows: the master's, as it gave them, but for those where the
 * relay's own state is the truth. Thread-safe.
 */
final class SystemVariables {
  /**
   * Variables that exist only in sessions, so the master's global ones do not list them, and what
   * they are in a new session.
   */
  private static final Map<String, String> SESSION_ONLY =
      Map.ofEntries(
          Map.entry("default_master_connection", ""),
          Map.entry("error_count", "0"),
          Map.entry("gtid_seq_no", "0"),
          Map.entry("identity", "0"),
          Map.entry("in_transaction", "OFF"),
          Map.entry("insert_id", "0"),
          Map.entry("last_gtid", ""),
          Map.entry("last_insert_id", "0"),
          Map.entry("pseudo_slave_mode", "OFF"),
          Map.entry("skip_replication", "OFF"),
          Map.entry("sql_log_bin", "ON"),
          Map.entry("warning_count", "0"));

  private static final String SEMI_SYNC = "rpl_semi_sync_master_enabled";

  /** Enumerations whose values happen to be ON and OFF: SELECT shows them as text. */
  private static final Set<String> TEXT_SWITCHES =
      Set.of(
          "event_scheduler", "gtid_mode", "innodb_doublewrite", "query_cache_type", "tls_version");

  /** By this variable topology managers, such as orchestrator, know a binlog server. */
  private static final String BINLOG_SERVER = "MAXSCALE_VERSION";

  private static final String PRODUCT_VERSION =
      Objects.requireNonNullElse(
          SystemVariables.class.getPackage().getImplementationVersion(), "unknown");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,20}");

  /** Texts of which servers know whether there is none. */
  private static final Set<String> NULL_IF_EMPTY =
      Set.of(
          "default_tmp_storage_engine",
          "enforce_storage_engine",
          "external_user",
          "init_file",
          "innodb_data_home_dir",
          "innodb_ft_aux_table",
          "innodb_ft_server_stopword_table",
          "innodb_ft_user_stopword_table",
          "innodb_monitor_disable",
          "innodb_monitor_enable",
          "innodb_monitor_reset",
          "innodb_monitor_reset_all",
          "innodb_tmpdir",
          "proxy_user",
          "relay_log",
          "relay_log_basename",
          "relay_log_index",
          "report_host",
          "report_password",
          "report_user",
          "secure_file_priv",
          "ssl_ca",
          "ssl_capath",
          "ssl_cert",
          "ssl_cipher",
          "ssl_crl",
          "ssl_crlpath",
          "ssl_key",
          "wsrep_sst_auth");

  private final MasterVariables master;
  private final BinlogStore store;

  SystemVariables(MasterVariables master, BinlogStore store) {
    this.master = master;
    this.store = store;
  }

  /**
   * Refuses while no master has ever been asked. The error is one that makes a replica try again
   * later: answering "unknown variable" would stop it for good.
   */
  void requireMaster() {
    if (master.isEmpty()) {
      throw new SqlError(
          ErrorCode.SERVER_SHUTDOWN.error("The relay has not reached its master yet"));
    }
  }

  /** The value as SHOW VARIABLES prints it; null if there is no such variable. */
  @Nullable String find(String name, boolean global) {
    if (global || name.equals("server_id")) {
      requireMaster();
    }
    String own = own(name);
    if (own != null) {
      return own;
    }
    String value = master.get(name);
    return value == null && !global ? ofNewSession(name) : value;
  }

  private @Nullable String ofNewSession(String name) {
    VariableTraits traits = master.traits(name);
    return traits == null
        ? SESSION_ONLY.get(name)
        : traits.isSessionOnly() ? traits.sessionValue() : null;
  }

  /**
   * Whether nobody can say what a session variable is: no master was ever asked. Drivers set some
   * at once, so they count as known and are NULL.
   */
  boolean isUnknowable(String name) {
    return master.isEmpty() && !name.equals("server_id");
  }

  /** All variables as SHOW VARIABLES prints them. */
  NavigableMap<String, String> all(boolean global) {
    requireMaster();
    NavigableMap<String, String> all = new TreeMap<>(master.all());
    all.put(BINLOG_SERVER, PRODUCT_VERSION);
    all.replaceAll(
        (name, value) -> {
          String own = own(name);
          return own == null ? value : own;
        });
    if (!global) {
      master
          .allTraits()
          .forEach(
              (name, traits) -> {
                if (traits.isSessionOnly()) {
                  all.putIfAbsent(name, traits.sessionValue());
                }
              });
      if (master.allTraits().isEmpty()) {
        SESSION_ONLY.forEach(all::putIfAbsent);
      }
    }
    return all;
  }

  /** What kind a variable is; null if nobody said. */
  @Nullable VariableTraits traits(String name) {
    return master.traits(name);
  }

  /** The value as SELECT shows it: switches are numbers there, and some empty texts are NULL. */
  SqlValue selected(String name, String printed) {
    VariableTraits traits = master.traits(name);
    if (traits == null) {
      return guessed(name, printed);
    }
    String type = traits.type();
    if (type.equals("BOOLEAN")) {
      return new SqlValue(printed.equals("ON") ? "1" : "0", SqlValue.Type.SWITCH);
    }
    if (type.contains("INT")) {
      return new SqlValue(
          printed,
          type.contains("UNSIGNED") ? SqlValue.Type.UNSIGNED_BIGINT : SqlValue.Type.BIGINT);
    }
    if (type.equals("DOUBLE")) {
      return new SqlValue(printed, SqlValue.Type.DOUBLE);
    }
    boolean missing = printed.isEmpty() && NULL_IF_EMPTY.contains(name);
    return SqlValue.text(missing ? null : printed);
  }

  private static SqlValue guessed(String name, String printed) {
    if (!TEXT_SWITCHES.contains(name) && (printed.equals("ON") || printed.equals("OFF"))) {
      return new SqlValue(printed.equals("ON") ? "1" : "0", SqlValue.Type.SWITCH);
    }
    if (NUMBER.matcher(printed).matches()) {
      return new SqlValue(printed, SqlValue.Type.UNSIGNED_BIGINT);
    }
    return SqlValue.text(printed);
  }

  private @Nullable String own(String name) {
    Watermark watermark = store.watermark();
    return switch (name) {
      case "gtid_binlog_pos", "gtid_current_pos", "gtid_slave_pos" ->
          watermark.state().position().toString();
      case "gtid_binlog_state" -> watermark.state().toString();
      // A replica that wants to acknowledge may always do so.
      case "read_only", "log_slave_updates", "log_bin", SEMI_SYNC -> "ON";
      default -> null;
    };
  }
}

package io.sluice.binlog.sql;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.store.BinlogStore;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** MariaDB's: the master itself says what kind each of them is. Stateless. */
final class MariaDbVariables implements VariableRules {
  static final MariaDbVariables INSTANCE = new MariaDbVariables();

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

  private static final Set<String> TEXT_SWITCHES =
      Set.of(
          "event_scheduler", "gtid_mode", "innodb_doublewrite", "query_cache_type", "tls_version");

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

  private MariaDbVariables() {}

  @Override
  public @Nullable String own(
      String name, boolean global, @Nullable String masters, BinlogStore store) {
    return switch (name) {
      case "gtid_binlog_pos", "gtid_current_pos", "gtid_slave_pos" ->
          store.watermark().state().positionText();
      case "gtid_binlog_state" -> store.watermark().state().toString();
      // A replica that wants to acknowledge may always do so.
      case "read_only", "log_slave_updates", "log_bin", "rpl_semi_sync_master_enabled" -> "ON";
      default -> null;
    };
  }

  @Override
  public @Nullable VariableTraits traits(String name, MasterVariables master) {
    return master.traits(name);
  }

  @Override
  public Map<String, String> sessionOnly(MasterVariables master) {
    if (master.allTraits().isEmpty()) {
      return SESSION_ONLY;
    }
    Map<String, String> all = new TreeMap<>();
    master
        .allTraits()
        .forEach(
            (name, traits) -> {
              if (traits.isSessionOnly()) {
                all.put(name, traits.sessionValue());
              }
            });
    return all;
  }

  @Override
  public @Nullable String ofNewSession(String name, MasterVariables master) {
    VariableTraits traits = master.traits(name);
    return traits == null
        ? SESSION_ONLY.get(name)
        : traits.isSessionOnly() ? traits.sessionValue() : null;
  }

  @Override
  public boolean isTextSwitch(String name) {
    return TEXT_SWITCHES.contains(name);
  }

  @Override
  public boolean isNullIfEmpty(String name) {
    return NULL_IF_EMPTY.contains(name);
  }

  @Override
  public boolean isFixedInSession(String name) {
    return false;
  }
}

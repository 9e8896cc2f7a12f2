package io.sluice.binlog.sql;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.mysql.constant.ErrorCode;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The system variables that the relay shows: the master's, as it gave them, but for those where the
 * relay's own state is the truth. Thread-safe.
 */
final class SystemVariables {
  /** By this variable topology managers, such as orchestrator, know a binlog server. */
  private static final String BINLOG_SERVER = "MAXSCALE_VERSION";

  private static final String PRODUCT_VERSION =
      Objects.requireNonNullElse(
          SystemVariables.class.getPackage().getImplementationVersion(), "unknown");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,20}");

  /** The dialect of a version text. */
  private record Spoken(String version, PresentedVersion presented, Dialect dialect) {}

  private final MasterVariables master;
  private final BinlogStore store;
  private final String greeted;
  private volatile @Nullable Spoken spoken;

  /**
   * The variables.
   *
   * @param greeted the version that a client was told at its login
   */
  SystemVariables(MasterVariables master, BinlogStore store, String greeted) {
    this.master = master;
    this.store = store;
    this.greeted = greeted;
  }

  /** The version that clients are told: until a master was asked, that of the greeting. */
  String version() {
    return Objects.requireNonNullElse(master.get("version"), greeted);
  }

  /** Whose version it is. */
  PresentedVersion presented() {
    return spoken().presented;
  }

  /** How that version speaks. */
  Dialect dialect() {
    return spoken().dialect;
  }

  private Spoken spoken() {
    String version = version();
    Spoken known = spoken;
    if (known == null || !known.version.equals(version)) {
      PresentedVersion presented = PresentedVersion.of(version);
      known = new Spoken(version, presented, Dialect.of(presented));
      spoken = known;
    }
    return known;
  }

  private VariableRules rules() {
    return dialect().variables();
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
    String value = master.get(name);
    String own = rules().own(name, global, value, store);
    if (own != null) {
      return own;
    }
    return value == null && !global ? rules().ofNewSession(name, master) : value;
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
    VariableRules rules = rules();
    NavigableMap<String, String> all = new TreeMap<>(master.all());
    all.put(BINLOG_SERVER, PRODUCT_VERSION);
    all.replaceAll(
        (name, value) -> Objects.requireNonNullElse(rules.own(name, global, value, store), value));
    if (!global) {
      rules.sessionOnly(master).forEach(all::putIfAbsent);
    }
    return all;
  }

  /** What kind a variable is; null if nobody said. */
  @Nullable VariableTraits traits(String name) {
    return rules().traits(name, master);
  }

  /** The value as SELECT shows it: switches are numbers there, and some empty texts are NULL. */
  SqlValue selected(String name, String printed) {
    VariableTraits traits = traits(name);
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
    boolean missing = printed.isEmpty() && rules().isNullIfEmpty(name);
    return SqlValue.text(missing ? null : printed);
  }

  private SqlValue guessed(String name, String printed) {
    if (!rules().isTextSwitch(name) && (printed.equals("ON") || printed.equals("OFF"))) {
      return new SqlValue(printed.equals("ON") ? "1" : "0", SqlValue.Type.SWITCH);
    }
    if (NUMBER.matcher(printed).matches()) {
      return new SqlValue(printed, SqlValue.Type.UNSIGNED_BIGINT);
    }
    return SqlValue.text(printed);
  }
}

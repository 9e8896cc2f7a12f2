package io.sluice.binlog.sql;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.store.BinlogStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a family's system variables besides the values of the master. Thread-safe. */
sealed interface VariableRules permits MariaDbVariables, MySqlVariables {

  /**
   * What the relay says of itself instead of repeating the master.
   *
   * @param global whether the global value is asked for
   * @param masters the master's value; null if it has no such variable
   * @return null where the master's value counts
   */
  @Nullable String own(String name, boolean global, @Nullable String masters, BinlogStore store);

  /** What kind a variable is; null if nobody said, or the master has it not. */
  @Nullable VariableTraits traits(String name, MasterVariables master);

  /** The variables that exist only in sessions, and their values in a new one. */
  Map<String, String> sessionOnly(MasterVariables master);

  /** What a variable that exists only in sessions is in a new one; null if there is none. */
  @Nullable String ofNewSession(String name, MasterVariables master);

  /** Whether it is an enumeration whose values happen to be ON and OFF: SELECT shows text. */
  boolean isTextSwitch(String name);

  /** Whether servers know if there is a text: SELECT shows NULL for none. */
  boolean isNullIfEmpty(String name);

  /** Whether sessions have a value of their own that they cannot change. */
  boolean isFixedInSession(String name);
}

package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.NameFilter;
import org.jspecify.annotations.Nullable;

/**
 * A SHOW.
 *
 * @param subject what
 * @param filter on the first column, for variables and status; null for all
 */
public record ShowStatement(Subject subject, @Nullable NameFilter filter) {

  /** What SHOW can show. */
  public enum Subject {
    /** SHOW GLOBAL VARIABLES. */
    GLOBAL_VARIABLES,
    /** SHOW SESSION VARIABLES. */
    SESSION_VARIABLES,
    /** SHOW STATUS. */
    STATUS,
    /** SHOW MASTER STATUS, SHOW BINLOG STATUS. */
    MASTER_STATUS,
    /** SHOW BINARY LOGS. */
    BINARY_LOGS,
    /** SHOW SLAVE STATUS. */
    SLAVE_STATUS,
    /** SHOW ALL SLAVES STATUS. */
    ALL_SLAVES_STATUS,
    /** SHOW SLAVE HOSTS. */
    SLAVE_HOSTS,
    /** SHOW PROCESSLIST. */
    PROCESSLIST,
    /** SHOW WARNINGS. */
    WARNINGS,
    /** SHOW DATABASES. */
    DATABASES
  }

  /** Whether it asks for the outcome of the statement before, so it must not forget that. */
  public boolean keepsDiagnostics() {
    return subject == Subject.WARNINGS;
  }
}

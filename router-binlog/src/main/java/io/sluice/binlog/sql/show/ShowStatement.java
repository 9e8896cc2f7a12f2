package io.sluice.binlog.sql.show;

import io.sluice.binlog.sql.NameFilter;
import org.jspecify.annotations.Nullable;

/**
 * A SHOW.
 *
 * @param subject what
 * @param filter on names and values, for variables and status; null for all
 * @param events which events; null for other subjects
 * @param text a name that belongs to the subject: an account, a connection; empty for none
 * @param rows which rows; all if it says nothing
 */
public record ShowStatement(
    Subject subject,
    @Nullable NameFilter filter,
    @Nullable EventRange events,
    String text,
    Limit rows) {

  /** What SHOW can show. */
  public enum Subject {
    /** SHOW GLOBAL VARIABLES. */
    GLOBAL_VARIABLES,
    /** SHOW SESSION VARIABLES. */
    SESSION_VARIABLES,
    /** SHOW STATUS. */
    STATUS,
    /** SHOW GLOBAL STATUS. */
    GLOBAL_STATUS,
    /** SHOW MASTER STATUS, SHOW BINLOG STATUS. */
    MASTER_STATUS,
    /** SHOW BINARY LOGS. */
    BINARY_LOGS,
    /** SHOW BINLOG EVENTS. */
    BINLOG_EVENTS,
    /** SHOW RELAYLOG EVENTS. */
    RELAYLOG_EVENTS,
    /** SHOW SLAVE STATUS. */
    SLAVE_STATUS,
    /** SHOW ALL SLAVES STATUS. */
    ALL_SLAVES_STATUS,
    /** SHOW SLAVE HOSTS. */
    SLAVE_HOSTS,
    /** SHOW REPLICA STATUS of MySQL, whose columns have other names than those before. */
    REPLICA_STATUS,
    /** SHOW REPLICAS of MySQL. */
    REPLICAS,
    /** SHOW PROCESSLIST. */
    PROCESSLIST,
    /** SHOW FULL PROCESSLIST. */
    FULL_PROCESSLIST,
    /** SHOW WARNINGS. */
    WARNINGS,
    /** SHOW ERRORS. */
    ERRORS,
    /** SHOW COUNT(*) WARNINGS. */
    WARNING_COUNT,
    /** SHOW COUNT(*) ERRORS. */
    ERROR_COUNT,
    /** SHOW GRANTS. */
    GRANTS,
    /** SHOW DATABASES. */
    DATABASES
  }

  /**
   * LIMIT.
   *
   * @param offset rows to leave out
   * @param count the most rows
   */
  public record Limit(long offset, long count) {
    /** No limit. */
    public static final Limit NONE = new Limit(0, Long.MAX_VALUE);
  }

  static ShowStatement of(Subject subject) {
    return new ShowStatement(subject, null, null, "", Limit.NONE);
  }

  static ShowStatement filtered(Subject subject, @Nullable NameFilter filter) {
    return new ShowStatement(subject, filter, null, "", Limit.NONE);
  }

  static ShowStatement named(Subject subject, String text) {
    return new ShowStatement(subject, null, null, text, Limit.NONE);
  }

  /** Whether it asks for the outcome of the statement before, so it must not forget that. */
  public boolean keepsDiagnostics() {
    return switch (subject) {
      case WARNINGS, ERRORS, WARNING_COUNT, ERROR_COUNT -> true;
      default -> false;
    };
  }
}

package io.sluice.binlog.sql.control;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.Diagnostics.Level;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL has to say to a CHANGE REPLICATION SOURCE TO or CHANGE MASTER TO: one refusal, and
 * notes once it is done. Immutable.
 *
 * @param version of the server that the relay looks like
 * @param variables its variables
 */
record ChangeRemarks(PresentedVersion version, Variables variables) {
  private static final int NO_GTIDS = 1777;
  private static final int HEARTBEAT_TOO_LONG = 1704;
  private static final int PLAIN_TEXT = 1759;
  private static final int STORED_PASSWORD = 1760;

  /** The variables by name; null for those that do not exist or are not known. */
  interface Variables {
    @Nullable String get(String name);
  }

  private ReplicationWords words() {
    return new ReplicationWords(version);
  }

  /**
   * Refuses what cannot be done without GTIDs.
   *
   * @param emptyStore whether nothing was copied yet: then nobody knows the master's mode
   */
  void refuse(MasterChange change, boolean emptyStore) {
    String mode = variables.get("gtid_mode");
    boolean coordinates = change.logFile() != null || change.logPos() != null;
    if (!Boolean.TRUE.equals(change.autoPosition()) || coordinates || emptyStore || mode == null) {
      return;
    }
    boolean strict = !version.isAtLeast(5, 7);
    if (strict ? mode.equalsIgnoreCase("ON") : !mode.equalsIgnoreCase("OFF")) {
      return;
    }
    String statement =
        words().saysSource()
            ? "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1"
            : "CHANGE MASTER TO MASTER_AUTO_POSITION = 1";
    throw new SqlError(
        new ReplyError(
            NO_GTIDS,
            "HY000",
            statement
                + (strict
                    ? " can only be executed when @@GLOBAL.GTID_MODE = ON."
                    : " cannot be executed because @@GLOBAL.GTID_MODE = OFF.")));
  }

  /** The notes on a change that was carried out. */
  List<Diagnostics.Condition> of(ControlStatement.ChangeMaster statement, boolean encrypted) {
    List<Diagnostics.Condition> all = new ArrayList<>();
    if (statement.namesUser()) {
      if (!encrypted) {
        all.add(
            new Diagnostics.Condition(
                Level.NOTE,
                PLAIN_TEXT,
                "Sending passwords in plain text without SSL/TLS is extremely insecure."));
      }
      all.add(new Diagnostics.Condition(Level.NOTE, STORED_PASSWORD, storedPassword()));
    }
    Duration period = statement.change().heartbeatPeriod();
    if (period != null && period.toMillis() > timeoutMillis()) {
      all.add(
          new Diagnostics.Condition(
              Level.WARNING,
              HEARTBEAT_TOO_LONG,
              "The requested value for the heartbeat period exceeds the value of `"
                  + timeoutName()
                  + "' seconds. A sensible value for the period should be less than the timeout."));
    }
    return all;
  }

  private String timeoutName() {
    return words().replica() + "_net_timeout";
  }

  private long timeoutMillis() {
    String seconds = variables.get(timeoutName());
    try {
      return seconds == null ? Long.MAX_VALUE : Long.parseLong(seconds) * 1000;
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private String storedPassword() {
    String start = "START " + words().replica().toUpperCase(Locale.ROOT);
    return "Storing MySQL user name or password information in the "
        + (words().saysSource() ? "connection metadata" : "master info")
        + " repository is not secure and is therefore not recommended. Please consider using the"
        + " USER and PASSWORD connection options for "
        + start
        + "; see the '"
        + start
        + " Syntax' in the MySQL Manual for more information.";
  }
}

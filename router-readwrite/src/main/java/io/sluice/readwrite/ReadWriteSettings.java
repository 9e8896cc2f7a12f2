package io.sluice.readwrite;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one router. Immutable.
 *
 * @param masterAcceptsReads whether reads are shared with the master
 * @param maxReplicationLag how far a replica may be behind and still get reads; null for any
 * @param maxReplicaConnections how many replicas one session may open
 * @param selection how a replica is chosen
 * @param failureMode what happens to a session without a master
 * @param maxSessionCommands how many commands the session history holds
 * @param retryFailedReads whether a read whose server was lost goes to another one
 * @param strictMultiStatements whether a session sticks to the master after several statements in
 *     one request
 * @param strictProcedureCalls whether a session sticks to the master after a CALL
 */
record ReadWriteSettings(
    boolean masterAcceptsReads,
    @Nullable Duration maxReplicationLag,
    int maxReplicaConnections,
    Selection selection,
    FailureMode failureMode,
    int maxSessionCommands,
    boolean retryFailedReads,
    boolean strictMultiStatements,
    boolean strictProcedureCalls) {

  /** How a replica is chosen among those that can be used; equal ones take turns. */
  enum Selection {
    /** The one with the fewest requests under way. */
    LEAST_OPERATIONS,
    /** The one with the fewest connections. */
    LEAST_CONNECTIONS,
    /** The one that is least behind. */
    LEAST_BEHIND
  }

  /** What happens when there is no master. */
  enum FailureMode {
    /** The session ends. */
    FAIL_INSTANTLY,
    /** Reads go on; what needs the master gets an error. */
    ERROR_ON_WRITE
  }

  private static final Setting<Boolean> MASTER_ACCEPT_READS =
      Setting.of(
          "master-accept-reads",
          SettingTypes.BOOLEAN,
          false,
          "Whether the master takes part in answering reads. It always does when no replica can.");

  private static final Setting<Duration> MAX_REPLICATION_LAG =
      Setting.optional(
          "max-replication-lag",
          SettingTypes.DURATION,
          "A replica gets reads only while it is less behind than this. Without it the lag does not"
              + " matter; with it a replica whose lag is unknown gets none.");

  private static final Setting<Integer> MAX_REPLICA_CONNECTIONS =
      Setting.of(
          "max-replica-connections",
          SettingTypes.integer(0, 255),
          255,
          "How many replicas one session opens at most. 0 sends everything to the master.");

  private static final Setting<Selection> REPLICA_SELECTION =
      Setting.of(
          "replica-selection",
          SettingTypes.oneOf(Selection.class),
          Selection.LEAST_OPERATIONS,
          "How a replica is chosen for a read; equal ones take turns.");

  private static final Setting<FailureMode> MASTER_FAILURE_MODE =
      Setting.of(
          "master-failure-mode",
          SettingTypes.oneOf(FailureMode.class),
          FailureMode.ERROR_ON_WRITE,
          "What happens to a session when the master is lost: fail-instantly ends it;"
              + " error-on-write keeps it for reads and answers writes with an error until there is"
              + " a master again, unless the master held state of the session.");

  private static final Setting<Integer> MAX_SESSION_COMMANDS =
      Setting.of(
          "max-session-commands",
          SettingTypes.integer(0, 100_000),
          200,
          "How many commands that changed a session's state are kept to repeat them on connections"
              + " opened later. A session with more keeps its connections and opens no others.");

  private static final Setting<Boolean> RETRY_FAILED_READS =
      Setting.of(
          "retry-failed-reads",
          SettingTypes.BOOLEAN,
          true,
          "Whether a read whose server is lost before any of its answer went to the client is sent"
              + " to another server.");

  private static final Setting<Boolean> STRICT_MULTI_STATEMENTS =
      Setting.of(
          "strict-multi-statements",
          SettingTypes.BOOLEAN,
          false,
          "Whether a session sticks to the master after a request with several statements. It does"
              + " anyway if one of them is seen to change the state of the session.");

  private static final Setting<Boolean> STRICT_SP_CALLS =
      Setting.of(
          "strict-sp-calls",
          SettingTypes.BOOLEAN,
          false,
          "Whether a session sticks to the master after a CALL, because the procedure may have"
              + " created temporary tables or changed the state of the session.");

  /** All settings. */
  static final SettingsSpec SPEC =
      SettingsSpec.of(
          MASTER_ACCEPT_READS,
          MAX_REPLICATION_LAG,
          MAX_REPLICA_CONNECTIONS,
          REPLICA_SELECTION,
          MASTER_FAILURE_MODE,
          MAX_SESSION_COMMANDS,
          RETRY_FAILED_READS,
          STRICT_MULTI_STATEMENTS,
          STRICT_SP_CALLS);

  static ReadWriteSettings from(Settings settings) {
    return new ReadWriteSettings(
        settings.get(MASTER_ACCEPT_READS),
        settings.find(MAX_REPLICATION_LAG).orElse(null),
        settings.get(MAX_REPLICA_CONNECTIONS),
        settings.get(REPLICA_SELECTION),
        settings.get(MASTER_FAILURE_MODE),
        settings.get(MAX_SESSION_COMMANDS),
        settings.get(RETRY_FAILED_READS),
        settings.get(STRICT_MULTI_STATEMENTS),
        settings.get(STRICT_SP_CALLS));
  }
}

package io.sluice.connection;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one router. Immutable.
 *
 * @param target what a session's server has to be
 * @param masterAcceptsReads whether the master may serve where it was not asked for
 * @param maxReplicationLag how far a replica may be behind when it is chosen; null for any
 */
record ConnectionSettings(
    Target target, boolean masterAcceptsReads, @Nullable Duration maxReplicationLag) {

  /** What a session's server has to be. */
  enum Target {
    /** The one that takes changes. */
    MASTER,
    /** One that follows. */
    REPLICA,
    /** Whatever can be reached. */
    ANY
  }

  private static final Setting<Target> TARGET =
      Setting.of(
          "target",
          SettingTypes.oneOf(Target.class),
          Target.ANY,
          "What the server of a session has to be. Among several the one with the fewest connections"
              + " of this service is taken; equal ones take turns. master and replica need a"
              + " monitor. A session ends with an error when its server is up and no longer that.");

  private static final Setting<Boolean> MASTER_ACCEPT_READS =
      Setting.of(
          "master-accept-reads",
          SettingTypes.BOOLEAN,
          true,
          "Whether the master is taken with target = replica when no replica can be, and with"
              + " target = any like every other server.");

  private static final Setting<Duration> MAX_REPLICATION_LAG =
      Setting.optional(
          "max-replication-lag",
          SettingTypes.DURATION,
          "A replica is taken only while it is less behind than this; sessions that it has already"
              + " stay. Without it the lag does not matter; with it a replica whose lag is unknown"
              + " is not taken.");

  /** All settings. */
  static final SettingsSpec SPEC =
      SettingsSpec.of(TARGET, MASTER_ACCEPT_READS, MAX_REPLICATION_LAG);

  static ConnectionSettings from(Settings settings) {
    return new ConnectionSettings(
        settings.get(TARGET),
        settings.get(MASTER_ACCEPT_READS),
        settings.find(MAX_REPLICATION_LAG).orElse(null));
  }

  /** Whether it takes a monitor to do what they say. */
  boolean needsStates() {
    return target != Target.ANY || !masterAcceptsReads || maxReplicationLag != null;
  }
}

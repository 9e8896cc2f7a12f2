package io.sluice.monitors.mariadb;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import java.time.Duration;

/**
 * The settings of one monitor. Immutable.
 *
 * @param probeTimeout how long one server may take to answer a round
 * @param connectingReplicas what to do with replicas that are looking for their master
 * @param writerMayReplicate whether a writer may itself replicate from elsewhere
 */
record MonitorSettings(
    Duration probeTimeout, ConnectingReplicas connectingReplicas, boolean writerMayReplicate) {

  /** Whether a replica whose IO thread is connecting answers reads. */
  enum ConnectingReplicas {
    /** While there is no master, so that reads survive its loss. */
    READ_WITHOUT_MASTER,
    /** At any time. */
    READ_ALWAYS,
    /** Never. */
    READ_NEVER
  }

  private static final Setting<Duration> PROBE_TIMEOUT =
      Setting.of(
          "probe-timeout",
          SettingTypes.DURATION,
          Duration.ofSeconds(3),
          "How long a server may take to connect and answer before it counts as down.");

  private static final Setting<ConnectingReplicas> CONNECTING_REPLICAS =
      Setting.of(
          "connecting-replicas",
          SettingTypes.oneOf(ConnectingReplicas.class),
          ConnectingReplicas.READ_WITHOUT_MASTER,
          "Whether a replica whose IO thread is trying to connect, so that its data may be growing"
              + " old, answers reads. One whose IO or SQL thread has stopped never does.");

  private static final Setting<Boolean> WRITER_MAY_REPLICATE =
      Setting.of(
          "writer-may-replicate",
          SettingTypes.BOOLEAN,
          false,
          "Whether a server that replicates from a source outside of this monitor can be the"
              + " master. Leave it off where replicas are fed by a relay: they look just like that.");

  /** All settings. */
  static final SettingsSpec SPEC =
      SettingsSpec.of(PROBE_TIMEOUT, CONNECTING_REPLICAS, WRITER_MAY_REPLICATE);

  static MonitorSettings from(Settings settings) {
    return new MonitorSettings(
        settings.get(PROBE_TIMEOUT),
        settings.get(CONNECTING_REPLICAS),
        settings.get(WRITER_MAY_REPLICATE));
  }
}

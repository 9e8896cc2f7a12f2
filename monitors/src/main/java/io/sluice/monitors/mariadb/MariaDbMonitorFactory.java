package io.sluice.monitors.mariadb;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.session.Credentials;
import org.pf4j.Extension;

/** The monitor module {@code mariadb}. */
@Extension
public final class MariaDbMonitorFactory implements MonitorFactory {

  private static final ModuleInfo INFO =
      new ModuleInfo(
          "mariadb",
          ModuleKind.MONITOR,
          ApiVersion.CURRENT,
          Maturity.BETA,
          "Finds the master and the replicas of a MariaDB replication topology");

  /** Called by the plugin loader. */
  public MariaDbMonitorFactory() {}

  @Override
  public ModuleInfo info() {
    return INFO;
  }

  @Override
  public SettingsSpec settings() {
    return MonitorSettings.SPEC;
  }

  @Override
  public Monitor createInstance(MonitorContext context, Settings settings) {
    Credentials credentials =
        context
            .credentials()
            .orElseThrow(
                () ->
                    new InvalidConfigException(
                        "user", "missing (expected: a user and password for the servers)"));
    return new MariaDbMonitor(context, credentials, MonitorSettings.from(settings));
  }
}

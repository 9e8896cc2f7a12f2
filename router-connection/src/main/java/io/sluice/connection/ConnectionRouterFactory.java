package io.sluice.connection;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterFactory;
import org.pf4j.Extension;

/** The router module {@code connection}. */
@Extension
public final class ConnectionRouterFactory implements RouterFactory {

  private static final ModuleInfo INFO =
      new ModuleInfo(
          "connection",
          ModuleKind.ROUTER,
          ApiVersion.CURRENT,
          Maturity.BETA,
          "One server for each session, chosen by role and number of connections; what passes is not"
              + " looked into");

  /** Called by the plugin loader. */
  public ConnectionRouterFactory() {}

  @Override
  public ModuleInfo info() {
    return INFO;
  }

  @Override
  public SettingsSpec settings() {
    return ConnectionSettings.SPEC;
  }

  @Override
  public Router createInstance(RouterContext context, Settings settings) {
    ConnectionSettings own = ConnectionSettings.from(settings);
    if (own.needsStates() && !context.service().isMonitored()) {
      throw new InvalidConfigException(
          own.target() == ConnectionSettings.Target.ANY ? "master-accept-reads" : "target",
          "nobody knows the roles of the servers of service "
              + context.service().name()
              + " (expected: a monitor that watches all of them, or target = any)");
    }
    return new ConnectionRouter(context.service(), own);
  }
}

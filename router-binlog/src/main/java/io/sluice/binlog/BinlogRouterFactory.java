package io.sluice.binlog;

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

/** The extension: makes a relay for each service that says {@code router = binlog}. Stateless. */
@Extension
public final class BinlogRouterFactory implements RouterFactory {

  /** For the plugin host. */
  public BinlogRouterFactory() {}

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "binlog",
        ModuleKind.ROUTER,
        new ApiVersion(0, 1),
        Maturity.ALPHA,
        "Relays a master's binary log: one connection to the master, any number of replicas behind it.");
  }

  @Override
  public SettingsSpec settings() {
    return BinlogSettings.SPEC;
  }

  @Override
  public Router createInstance(RouterContext context, Settings settings) {
    return BinlogRouter.open(context, BinlogConfig.from(settings));
  }
}

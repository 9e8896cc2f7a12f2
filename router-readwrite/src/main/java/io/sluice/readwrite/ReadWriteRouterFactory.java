package io.sluice.readwrite;

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

/** The router module {@code readwrite}. */
@Extension
public final class ReadWriteRouterFactory implements RouterFactory {

  private static final ModuleInfo INFO =
      new ModuleInfo(
          "readwrite",
          ModuleKind.ROUTER,
          ApiVersion.CURRENT,
          Maturity.BETA,
          "Read-write split: reads to replicas, everything else to the master");

  /** Called by the plugin loader. */
  public ReadWriteRouterFactory() {}

  @Override
  public ModuleInfo info() {
    return INFO;
  }

  @Override
  public SettingsSpec settings() {
    return ReadWriteSettings.SPEC;
  }

  @Override
  public boolean needsMonitor() {
    return true;
  }

  @Override
  public Router createInstance(RouterContext context, Settings settings) {
    return new ReadWriteRouter(context.service(), ReadWriteSettings.from(settings));
  }
}

package io.sluice.core.plugin;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterFactory;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterFactory;

/** Modules whose only use is to be named in a configuration. */
public final class FakeModules {

  public static final Setting<Integer> LIMIT =
      Setting.of("limit", SettingTypes.integer(1, 100), 10, "How many at most.").runtime();
  public static final Setting<String> FILE =
      Setting.required("file", SettingTypes.STRING, "Where to | write.");
  public static final Setting<String> KEY = Setting.optional("key", SettingTypes.SECRET, "A key.");

  private FakeModules() {}

  /** One protocol, two routers (one needs a monitor), a filter, a monitor. */
  public static ModuleRegistry registry() {
    return ModuleRegistry.of(
        protocol("lines"), router("relay"), needy(), filter("log"), monitor("ping"));
  }

  public static ModuleInfo info(String name, ModuleKind kind) {
    return new ModuleInfo(name, kind, ApiVersion.CURRENT, Maturity.BETA, "The " + name + ".");
  }

  public static ProtocolFactory protocol(String name) {
    return new ProtocolFactory() {
      @Override
      public ModuleInfo info() {
        return FakeModules.info(name, ModuleKind.PROTOCOL);
      }

      @Override
      public SettingsSpec settings() {
        return SettingsSpec.of(LIMIT);
      }

      @Override
      public SettingsSpec serverSettings() {
        return SettingsSpec.of(KEY);
      }

      @Override
      public ClientProtocol createListener(ListenerContext context, Settings settings) {
        throw new UnsupportedOperationException();
      }

      @Override
      public BackendProtocol createBackend(BackendProtocolContext context, Settings settings) {
        throw new UnsupportedOperationException();
      }
    };
  }

  public static RouterFactory router(String name) {
    return new FakeRouter(name, false);
  }

  private static RouterFactory needy() {
    return new FakeRouter("needy", true);
  }

  private record FakeRouter(String name, boolean needsMonitor) implements RouterFactory {
    @Override
    public ModuleInfo info() {
      return FakeModules.info(name, ModuleKind.ROUTER);
    }

    @Override
    public SettingsSpec settings() {
      return SettingsSpec.of(LIMIT);
    }

    @Override
    public Router createInstance(RouterContext context, Settings settings) {
      throw new InvalidConfigException("limit", "never right");
    }
  }

  public static FilterFactory filter(String name) {
    return new FilterFactory() {
      @Override
      public ModuleInfo info() {
        return FakeModules.info(name, ModuleKind.FILTER);
      }

      @Override
      public SettingsSpec settings() {
        return SettingsSpec.of(FILE, LIMIT);
      }

      @Override
      public Filter createInstance(ModuleContext context, Settings settings) {
        throw new UnsupportedOperationException();
      }
    };
  }

  public static MonitorFactory monitor(String name) {
    return new MonitorFactory() {
      @Override
      public ModuleInfo info() {
        return FakeModules.info(name, ModuleKind.MONITOR);
      }

      @Override
      public SettingsSpec settings() {
        return SettingsSpec.EMPTY;
      }

      @Override
      public Monitor createInstance(MonitorContext context, Settings settings) {
        throw new UnsupportedOperationException();
      }
    };
  }
}

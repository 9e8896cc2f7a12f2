package io.sluice.mysql;

import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.mysql.backend.MySqlBackendProtocol;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.frontend.ListenerSettings;
import io.sluice.mysql.frontend.MySqlClientProtocol;
import org.pf4j.Extension;

/** The protocol of MySQL and MariaDB, towards clients and towards servers. */
@Extension
public final class MySqlProtocolFactory implements ProtocolFactory {

  private static final ModuleInfo INFO =
      new ModuleInfo(
          "mysql",
          ModuleKind.PROTOCOL,
          new ApiVersion(0, 1),
          Maturity.ALPHA,
          "The protocol of MySQL and MariaDB, towards clients and towards servers.");

  @Override
  public ModuleInfo info() {
    return INFO;
  }

  @Override
  public SettingsSpec settings() {
    return ListenerSettings.SPEC;
  }

  @Override
  public SettingsSpec serverSettings() {
    return ServerSettings.SPEC;
  }

  @Override
  public ClientProtocol createListener(ListenerContext context, Settings settings) {
    return new MySqlClientProtocol(context, settings);
  }

  @Override
  public BackendProtocol createBackend(BackendProtocolContext context, Settings settings) {
    return new MySqlBackendProtocol(context, settings);
  }
}

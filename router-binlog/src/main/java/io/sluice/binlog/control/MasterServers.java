package io.sluice.binlog.control;

import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.router.RouterContext;
import io.sluice.api.server.AdHocServer;
import io.sluice.api.server.Server;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterPublicKey;
import io.sluice.binlog.master.MasterTls;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server object behind a {@link MasterConfig}: that of the configuration, or one made for
 * another address. One thread at a time; blocks for certificate files.
 */
final class MasterServers implements AutoCloseable {
  private final RouterContext context;
  private final Server configured;
  private final List<AdHocServer> made = new ArrayList<>();

  MasterServers(RouterContext context, Server configured) {
    this.context = context;
    this.configured = configured;
  }

  /** How the configuration file wants connections to be encrypted. */
  static MasterTls tlsOf(Server configured) {
    Settings options = configured.options();
    TlsMode mode = options.find(ServerSettings.TLS).orElse(TlsMode.DISABLE);
    return new MasterTls(
        mode != TlsMode.DISABLE,
        mode != TlsMode.DISABLE && mode != TlsMode.PREFER,
        mode == TlsMode.VERIFY,
        options.find(ServerSettings.TLS_CA_FILE).orElse(""),
        options.find(ServerSettings.TLS_CERTIFICATE_FILE).orElse(""),
        options.find(ServerSettings.TLS_KEY_FILE).orElse(""));
  }

  /** How the configuration file wants passwords to go out without TLS. */
  static MasterPublicKey publicKeyOf(Server configured) {
    Settings options = configured.options();
    return new MasterPublicKey(
        options.find(ServerSettings.GET_SERVER_PUBLIC_KEY).orElse(false),
        options.find(ServerSettings.SERVER_PUBLIC_KEY_FILE).orElse(""));
  }

  /**
   * Makes the server; {@link #retain} closes those made before.
   *
   * @throws io.sluice.api.config.InvalidConfigException if it cannot be used
   */
  Server make(MasterConfig config) {
    if (config.origin() == MasterConfig.Origin.CONFIGURATION) {
      return configured;
    }
    AdHocServer server =
        context.adHocServer(
            configured, context.name() + ": master", config.host(), config.port(), options(config));
    made.add(server);
    return server;
  }

  /** Closes those that are not used any more. */
  void retain(@Nullable Server one, @Nullable Server other) {
    made.removeIf(
        server -> {
          boolean unused = server != one && server != other;
          if (unused) {
            server.close();
          }
          return unused;
        });
  }

  private Settings options(MasterConfig config) {
    MasterTls tls = config.tls();
    MasterPublicKey key = config.publicKey();
    Settings options =
        configured
            .options()
            .with(ServerSettings.TLS, mode(tls))
            .with(ServerSettings.GET_SERVER_PUBLIC_KEY, key.fetch());
    options = with(options, ServerSettings.SERVER_PUBLIC_KEY_FILE, key.file());
    options = with(options, ServerSettings.TLS_CA_FILE, tls.ca());
    options = with(options, ServerSettings.TLS_CERTIFICATE_FILE, tls.cert());
    return with(options, ServerSettings.TLS_KEY_FILE, tls.key());
  }

  /** As for servers, whom to trust is a wish to be asked for it; the name is another matter. */
  private static TlsMode mode(MasterTls tls) {
    if (!tls.enabled()) {
      return TlsMode.DISABLE;
    }
    if (tls.verify()) {
      return TlsMode.VERIFY;
    }
    if (!tls.ca().isEmpty()) {
      return TlsMode.VERIFY_CA;
    }
    return tls.required() ? TlsMode.REQUIRE : TlsMode.PREFER;
  }

  private static Settings with(Settings options, Setting<String> setting, String value) {
    return value.isEmpty() ? options.without(setting) : options.with(setting, value);
  }

  @Override
  public void close() {
    retain(null, null);
  }
}

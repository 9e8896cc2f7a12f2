package io.sluice.core.lines;

import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.session.Identity;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The smallest protocol that exercises the engine. Client: {@code LOGIN user} is answered {@code
 * OK}, then each line is a request and each answer a line; {@code QUIT} says good-bye; errors are
 * {@code ERR reason message} before the end. The same towards servers.
 */
public final class LineProtocol implements ProtocolFactory {

  public final AtomicInteger listenersClosed = new AtomicInteger();
  public final AtomicInteger backendsClosed = new AtomicInteger();

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "lines", ModuleKind.PROTOCOL, ApiVersion.CURRENT, Maturity.ALPHA, "Lines of text.");
  }

  @Override
  public SettingsSpec settings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public SettingsSpec serverSettings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public ClientProtocol createListener(ListenerContext context, Settings settings) {
    return new ClientProtocol() {
      @Override
      public ClientConnection newConnection(ClientContext client) {
        return new LineClientConnection(client);
      }

      @Override
      public void close() {
        listenersClosed.incrementAndGet();
      }
    };
  }

  @Override
  public BackendProtocol createBackend(BackendProtocolContext context, Settings settings) {
    return new BackendProtocol() {
      @Override
      public BackendConnection newConnection(BackendContext backend) {
        return new LineBackendConnection(backend);
      }

      @Override
      public Object poolKey(Identity identity) {
        return identity.user();
      }

      @Override
      public void close() {
        backendsClosed.incrementAndGet();
      }
    };
  }
}

package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything goes to the first server, which is opened at the first request. */
final class PassThroughRouter implements RouterFactory {

  private final Set<Capability> capabilities;

  PassThroughRouter(Set<Capability> capabilities) {
    this.capabilities = capabilities;
  }

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "pass", ModuleKind.ROUTER, ApiVersion.CURRENT, Maturity.ALPHA, "Passes all through.");
  }

  @Override
  public SettingsSpec settings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public Router createInstance(RouterContext context, Settings settings) {
    return new Router() {
      @Override
      public RouterSession newSession(SessionContext session) {
        return new PassThroughSession(context, session);
      }

      @Override
      public Set<Capability> capabilities() {
        return capabilities;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private static final class PassThroughSession implements RouterSession {
    private final RouterContext context;
    private final SessionContext session;
    private @Nullable Endpoint endpoint;

    PassThroughSession(RouterContext context, SessionContext session) {
      this.context = context;
      this.session = session;
    }

    @Override
    public void routeQuery(Message message) {
      Endpoint open = endpoint;
      if (open == null) {
        open = session.connect(context.service().servers().get(0));
        endpoint = open;
      }
      open.routeQuery(message);
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      session.upstream().clientReply(chunk, reply);
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      session.fail(failure);
    }

    @Override
    public void close() {
      // The engine closes the endpoint.
    }
  }
}

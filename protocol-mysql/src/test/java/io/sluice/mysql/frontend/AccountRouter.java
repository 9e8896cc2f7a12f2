package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSetWriter;
import java.util.List;
import java.util.Set;

/**
 * Answers each query by itself, with what the login found: the account, the database, and whether
 * the password must be changed first. No server is asked.
 */
final class AccountRouter implements RouterFactory {

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "account", ModuleKind.ROUTER, ApiVersion.CURRENT, Maturity.ALPHA, "Tells the account.");
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
        return new AccountSession(session);
      }

      @Override
      public Set<Capability> capabilities() {
        return Set.of();
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private record AccountSession(SessionContext session) implements RouterSession {

    @Override
    public void routeQuery(Message message) {
      MySqlRequest request = (MySqlRequest) message.request();
      message.release();
      ClientState state = (ClientState) session.identity().clientState();
      ProvenCredentials proven = (ProvenCredentials) session.identity().credentials();
      ResultSetWriter rows =
          new ResultSetWriter(ByteBufAllocator.DEFAULT, 1, state.capabilities())
              .columns(
                  List.of(
                      ColumnDefinition.string("account"),
                      ColumnDefinition.string("database"),
                      ColumnDefinition.string("expired")));
      rows.row(
          proven.account().replace("'", ""),
          state.database(),
          String.valueOf(proven.mustChangePassword()));
      session.upstream().clientReply(rows.finish(2), MySqlReply.complete(request));
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      chunk.release();
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      session.fail(failure);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}

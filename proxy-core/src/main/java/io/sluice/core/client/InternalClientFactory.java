package io.sluice.core.client;

import io.sluice.api.context.InternalClient;
import io.sluice.api.context.InternalClients;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Identity;
import io.sluice.core.net.EventLoops;
import io.sluice.core.session.SessionEnvironment;
import org.jspecify.annotations.Nullable;

/** Opens sessions without a socket, each on the next event loop. Thread-safe. */
public final class InternalClientFactory implements InternalClients {

  private final SessionEnvironment environment;
  private final EventLoops loops;

  /** With what every session works with. */
  public InternalClientFactory(SessionEnvironment environment, EventLoops loops) {
    this.environment = environment;
    this.loops = loops;
  }

  @Override
  public InternalClient open(
      String purpose,
      Server server,
      Credentials credentials,
      @Nullable Object clientState,
      EndpointHandler handler) {
    InternalClientSession session =
        new InternalClientSession(
            environment,
            loops.next(),
            purpose,
            server,
            new Identity(credentials, "", clientState),
            handler);
    session.open();
    return session;
  }
}

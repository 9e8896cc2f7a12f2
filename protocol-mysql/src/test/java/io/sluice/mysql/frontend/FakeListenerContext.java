package io.sluice.mysql.frontend;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.sluice.api.context.InternalClients;
import io.sluice.api.context.ServiceView;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Sessions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A listener without an engine: slow work is done at once, by the caller. */
final class FakeListenerContext implements ListenerContext, ServiceView {

  Sessions sessions = (id, failure) -> false;
  private final Path directory;
  private final EventLoopGroup loops = new DefaultEventLoopGroup(1);

  List<Server> servers = List.of();

  FakeListenerContext(Path directory) {
    this.directory = directory;
  }

  @Override
  public ServiceView service() {
    return this;
  }

  @Override
  public String name() {
    return "svc";
  }

  @Override
  public Path dataDirectory() {
    return directory;
  }

  @Override
  public EventLoopGroup eventLoops() {
    return loops;
  }

  @Override
  public Executor blockingExecutor() {
    return Runnable::run;
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }

  @Override
  public MeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  @Override
  public InternalClients internalClients() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public String router() {
    return "fake";
  }

  @Override
  public List<Server> servers() {
    return servers;
  }

  @Override
  public boolean isMonitored() {
    return false;
  }

  @Override
  public Optional<Credentials> credentials() {
    return Optional.empty();
  }
}

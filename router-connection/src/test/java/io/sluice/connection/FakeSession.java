package io.sluice.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.sluice.api.context.ServiceView;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client and the engine around a router session. */
final class FakeSession implements SessionContext {

  private record Asked(String name, boolean expectsReply) implements Request {}

  /** A server opened for the session; writes down what it gets. */
  final class Opened implements Endpoint {
    final List<String> received = new ArrayList<>();
    private final Server server;
    private boolean ready;

    private Opened(Server server) {
      this.server = server;
    }

    void ready() {
      ready = true;
      session.endpointReady(this);
    }

    void fail(Failure.Kind kind) {
      session.handleError(
          this, new Failure(kind, CloseReason.SERVER_LOST, server.name() + " failed", null, null));
    }

    @Override
    public Server server() {
      return server;
    }

    @Override
    public void routeQuery(Message message) {
      received.add(message.content().toString(StandardCharsets.UTF_8));
      message.release();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public int pending() {
      return 0;
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void setReading(boolean reading) {}

    @Override
    public void close() {}
  }

  final List<Opened> opened = new ArrayList<>();
  final ConnectionRouter router;
  final ConnectionSession session;
  final List<ByteBuf> sent = new ArrayList<>();
  boolean reading = true;
  @Nullable Failure failure;

  FakeSession(ConnectionRouter router) {
    this.router = router;
    this.session = new ConnectionSession(router, this);
  }

  FakeSession(ConnectionSettings settings, Server... servers) {
    this(new ConnectionRouter(new View(List.of(servers)), settings));
  }

  void send(String text) {
    send(text, true, true);
  }

  void send(String text, boolean first, boolean last) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    sent.add(bytes);
    session.routeQuery(new Message(new Asked("ask", true), bytes, first, last));
  }

  Opened last() {
    return opened.get(opened.size() - 1);
  }

  /** A number of the router's diagnostics about one server. */
  int connections(Server server) {
    return router.load(server).connections();
  }

  @Override
  public long id() {
    return 1;
  }

  @Override
  public EventLoop eventLoop() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String service() {
    return "app";
  }

  @Override
  public Identity identity() {
    return new Identity(new PasswordCredentials("u", "p"), "localhost", null);
  }

  @Override
  public Endpoint connect(Server server) {
    Opened endpoint = new Opened(server);
    opened.add(endpoint);
    return endpoint;
  }

  @Override
  public Upstream upstream() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isClientWritable() {
    return true;
  }

  @Override
  public void setClientReading(boolean wanted) {
    reading = wanted;
  }

  @Override
  public void close(CloseReason reason, String detail) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void fail(Failure why) {
    failure = why;
    session.close();
  }

  /** A service with these servers. */
  record View(List<Server> servers, boolean isMonitored) implements ServiceView {

    View(List<Server> servers) {
      this(servers, true);
    }

    @Override
    public String name() {
      return "app";
    }

    @Override
    public String router() {
      return "connection";
    }

    @Override
    public Optional<Credentials> credentials() {
      return Optional.empty();
    }
  }
}

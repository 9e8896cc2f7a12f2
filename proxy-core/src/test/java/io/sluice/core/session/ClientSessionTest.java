package io.sluice.core.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Reply;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import io.sluice.core.lines.LineReply;
import io.sluice.core.lines.LineRequest;
import io.sluice.core.net.BackendConnector;
import io.sluice.core.net.EventLoops;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.ServerBoard;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The corners of a session that no well-behaved peer reaches, in an embedded channel. */
class ClientSessionTest {

  private final SessionRegistry registry = new SessionRegistry();
  private final SessionCounters counters = new SessionCounters();
  private final List<Wire> wires = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Filter> filters = new ArrayList<>();
  private Runnable atNewSession = () -> {};
  private Clock clock = Clock.systemUTC();
  private BackendConnector connector;
  private final EmbeddedChannel channel = new EmbeddedChannel(false, false);

  @AfterEach
  void end() {
    channel.close();
    channel.runPendingTasks();
    channel.releaseOutbound();
    assertThat(counters.open()).isZero();
    assertThat(registry.count()).isZero();
  }

  private void accept() throws Exception {
    SessionEnvironment environment =
        new SessionEnvironment(
            registry, connector, clock, SessionLimits.withLoginTimeout(Duration.ofMinutes(1)));
    SessionHost host = new SessionHost("app", new Protocol(), new Routers(), filters, counters);
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new ClientSession(environment, host, channel).handler());
    channel.register();
  }

  private Part login() throws Exception {
    accept();
    wires.get(0).login();
    return parts.get(0);
  }

  private Wire wire() {
    return wires.get(0);
  }

  private boolean isRead() {
    return channel.config().isAutoRead();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  @Test
  void shouldMakeNoConnectionWhenTheProcessIsStopping() throws Exception {
    CompletableFuture<Void> drained = registry.drain(Duration.ZERO);

    accept();

    assertThat(wires).isEmpty();
    assertThat(channel.isOpen()).isFalse();
    assertThat(drained).isCompleted();
    assertThat(counters.total()).isEqualTo(1);
    assertThat(registry.closed()).containsEntry(CloseReason.SHUTDOWN, 1L);
  }

  @Test
  void shouldReadTheClientOnlyWhenRouterAndProtocolAgree() throws Exception {
    Part router = login();
    assertThat(isRead()).isTrue();

    wire().context.setReading(false);
    assertThat(isRead()).isFalse();
    router.session.setClientReading(false);
    wire().context.setReading(true);
    assertThat(isRead()).isFalse();
    wire().context.setReading(false);
    router.session.setClientReading(true);
    assertThat(isRead()).isFalse();
    wire().context.setReading(true);
    assertThat(isRead()).isTrue();
  }

  @Test
  void shouldReadNoMoreAfterTheEnd() throws Exception {
    Part router = login();
    wire().context.setReading(false);
    router.session.close(CloseReason.ROUTER_CLOSED, "enough");

    wire().context.setReading(true);
    router.session.setClientReading(true);

    assertThat(isRead()).isFalse();
    assertThat(wire().reason).isEqualTo(CloseReason.ROUTER_CLOSED);
  }

  @Test
  void shouldEndWhenAHandlerThrowsThatWasAddedAtTheLogin() throws Exception {
    accept();
    wire().addedAtLogin =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            throw new IllegalStateException("a late handler is broken");
          }
        };
    wire().login();

    channel.writeInbound(bytes("x"));

    assertThat(wire().reason).isEqualTo(CloseReason.INTERNAL_ERROR);
    assertThat(wire().failure).isNotNull();
    assertThat(parts.get(0).closed).isEqualTo(1);
  }

  @Test
  void shouldTakeAConnectionErrorInsideADecodersForALostClient() throws Exception {
    login();

    channel.pipeline().fireExceptionCaught(new DecoderException(new IOException("reset")));

    assertThat(wire().reason).isEqualTo(CloseReason.CLIENT_LOST);
    assertThat(wire().failure).isNull();
  }

  @Test
  void shouldTakeAnyOtherErrorForADefect() throws Exception {
    login();

    channel
        .pipeline()
        .fireExceptionCaught(new DecoderException(new IllegalStateException("broken")));

    assertThat(wire().reason).isEqualTo(CloseReason.INTERNAL_ERROR);
  }

  @Test
  void shouldPassNoRequestThatWaitsBehindTheLastAnswerOfADrain() throws Exception {
    Part router = login();
    Request first = new LineRequest("first");
    ByteBuf second = bytes("second");
    wire().waiting = Message.whole(new LineRequest("second"), second);
    wire().context.routeQuery(Message.whole(first, bytes("first")));
    registry.drain(Duration.ofMinutes(1));
    assertThat(registry.list().get(0).state()).isEqualTo("draining");

    router.session.upstream().clientReply(bytes("answer"), LineReply.whole(first));

    assertThat(wire().answers).containsExactly("answer");
    assertThat(router.requests).containsExactly(first);
    assertThat(second.refCnt()).isZero();
    assertThat(wire().reason).isEqualTo(CloseReason.SHUTDOWN);
  }

  @Test
  void shouldPassTheNextRequestBehindAnAnswerOtherwise() throws Exception {
    Part router = login();
    Request first = new LineRequest("first");
    Request second = new LineRequest("second");
    wire().waiting = Message.whole(second, bytes("second"));
    wire().context.routeQuery(Message.whole(first, bytes("first")));

    router.session.upstream().clientReply(bytes("answer"), LineReply.whole(first));

    assertThat(router.requests).containsExactly(first, second);
    assertThat(wire().reason).isNull();
  }

  @Test
  void shouldNotReachAFilterThatHasEnded() throws Exception {
    List<String> calls = new ArrayList<>();
    filters.add(new Noting(calls));
    Part router = login();
    ByteBuf lastWord = bytes("last word");
    router.atClose =
        () -> {
          Reply reply = LineReply.whole(new LineRequest("none"));
          router.session.upstream().clientReply(lastWord, reply);
        };

    router.session.close(CloseReason.ROUTER_CLOSED, "enough");

    assertThat(calls).containsExactly("close");
    assertThat(lastWord.refCnt()).isZero();
  }

  @Test
  void shouldReleaseWhatComesAfterTheEnd() throws Exception {
    Part router = login();
    router.session.fail(Failure.lasting(CloseReason.LIMIT, "too much", null));
    ByteBuf request = bytes("late");
    ByteBuf chunk = bytes("late");

    wire().context.routeQuery(Message.whole(new LineRequest("late"), request));
    router.session.upstream().clientReply(chunk, LineReply.whole(new LineRequest("late")));

    assertThat(request.refCnt()).isZero();
    assertThat(chunk.refCnt()).isZero();
    assertThat(wire().closes).isEqualTo(1);
    assertThat(router.closed).isEqualTo(1);
  }

  @Test
  void shouldEndByTheLoginTimeoutOnlyBeforeTheLogin() throws Exception {
    accept();
    channel.freezeTime();
    channel.advanceTimeBy(30, java.util.concurrent.TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(wire().reason).isNull();
    wire().login();

    channel.advanceTimeBy(1, java.util.concurrent.TimeUnit.HOURS);
    // Nothing is left to be done at any later time.
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    assertThat(wire().reason).isNull();
  }

  @Test
  void shouldBeginAnewWhenTheClientLogsInAgain() throws Exception {
    List<String> calls = new ArrayList<>();
    filters.add(new Noting(calls));
    Part first = login();
    first.session.setClientReading(false);

    wire().context.identityChanged(new Identity(new PasswordCredentials("bob", ""), "", null));

    assertThat(first.closed).isEqualTo(1);
    assertThat(calls).containsExactly("close");
    assertThat(isRead()).as("what the first router wanted does not count").isTrue();
    Part second = parts.get(1);
    assertThat(second.session.identity().user()).isEqualTo("bob");
    LineRequest request = new LineRequest("x");
    wire().context.routeQuery(new Message(request, bytes("x"), true, true));
    assertThat(first.requests).isEmpty();
    assertThat(second.requests).containsExactly(request);
    second.session.upstream().clientReply(bytes("y"), new LineReply(request));
    assertThat(wire().answers).containsExactly("y");
    assertThat(calls).containsExactly("close", "down", "up");
    assertThat(wire().reason).isNull();
  }

  @Test
  void shouldEndWhenNoRouterCanBeMadeForTheNewUser() throws Exception {
    Part first = login();
    atNewSession =
        () -> {
          throw new IllegalStateException("broken");
        };

    wire().context.identityChanged(new Identity(new PasswordCredentials("bob", ""), "", null));

    assertThat(first.closed).isEqualTo(1);
    assertThat(wire().reason).isEqualTo(CloseReason.INTERNAL_ERROR);
  }

  @Test
  void shouldEndALoginThatTakesTooLong() throws Exception {
    accept();
    channel.freezeTime();

    channel.advanceTimeBy(61, java.util.concurrent.TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();

    assertThat(wire().reason).isEqualTo(CloseReason.LOGIN_TIMEOUT);
  }

  @Test
  void shouldTellTheRouterWhenThereIsNoSocket() throws Exception {
    // No real channel can be registered with an embedded loop.
    try (EventLoops loops = EventLoops.create(1);
        BackendConnector failing = new BackendConnector(loops, Duration.ofMinutes(1))) {
      connector = failing;
      ConfiguredServer server =
          new ServerBoard(Clock.systemUTC()).add("db", "127.0.0.1", 1, "lines");
      server.limit(1);
      Part router = login();

      Endpoint endpoint = router.session.connect(server);
      channel.runPendingTasks();

      assertThat(router.failures)
          .singleElement()
          .satisfies(failure -> assertThat(failure.reason()).isEqualTo(CloseReason.SERVER_LOST))
          .satisfies(failure -> assertThat(failure.message()).contains("cannot connect"));
      assertThat(endpoint.isOpen()).isFalse();
      assertThat(server.seats().taken()).isZero();
    }
  }

  @Test
  void shouldCountWhatTheProtocolAnswersAsActivity() throws Exception {
    Clock first = Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC);
    AtomicReference<Clock> now = new AtomicReference<>(first);
    clock = new Following(now);
    login();

    now.set(Clock.offset(first, Duration.ofSeconds(1)));
    wire().context.activity();
    assertThat(registry.list().get(0).lastActivity()).isEqualTo(Instant.ofEpochSecond(2));

    now.set(Clock.offset(first, Duration.ofSeconds(2)));
    wire().context.identityChanged(new Identity(new PasswordCredentials("bob", ""), "", null));
    assertThat(registry.list().get(0).lastActivity()).isEqualTo(Instant.ofEpochSecond(3));
  }

  /** Tells what another clock tells at the moment. */
  private static final class Following extends Clock {
    private final AtomicReference<Clock> to;

    Following(AtomicReference<Clock> to) {
      this.to = to;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return to.get().instant();
    }
  }

  private final class Protocol implements ClientProtocol {
    @Override
    public ClientConnection newConnection(ClientContext context) {
      Wire wire = new Wire(context);
      wires.add(wire);
      return wire;
    }

    @Override
    public void close() {}
  }

  /** Does what the test says. */
  private static final class Wire implements ClientConnection {
    private final ClientContext context;
    private final List<String> answers = new ArrayList<>();
    private ChannelInboundHandlerAdapter addedAtLogin;
    private Message waiting;
    private CloseReason reason;
    private Failure failure;
    private int closes;

    Wire(ClientContext context) {
      this.context = context;
    }

    void login() {
      if (addedAtLogin != null) {
        context.channel().pipeline().addLast(addedAtLogin);
      }
      context.authenticated(new Identity(new PasswordCredentials("ann", ""), "", null));
    }

    @Override
    public void start(ChannelPipeline pipeline) {}

    @Override
    public void clientReply(ByteBuf chunk, Reply reply) {
      answers.add(chunk.toString(UTF_8));
      chunk.release();
      Message next = waiting;
      if (next != null) {
        waiting = null;
        context.routeQuery(next);
      }
    }

    @Override
    public void close(CloseReason why, Failure told) {
      closes++;
      reason = why;
      failure = told;
      context.channel().close();
    }

    @Override
    public String state() {
      return "test";
    }
  }

  private final class Routers implements Router {
    @Override
    public RouterSession newSession(SessionContext session) {
      atNewSession.run();
      Part part = new Part(session);
      parts.add(part);
      return part;
    }

    @Override
    public void close() {}
  }

  /** Keeps what comes and answers nothing by itself. */
  private static final class Part implements RouterSession {
    private final SessionContext session;
    private final List<Request> requests = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Runnable atClose = () -> {};
    private int closed;

    Part(SessionContext session) {
      this.session = session;
    }

    @Override
    public void routeQuery(Message message) {
      requests.add(message.request());
      message.release();
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      chunk.release();
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      failures.add(failure);
    }

    @Override
    public void close() {
      closed++;
      atClose.run();
    }
  }

  private record Noting(List<String> calls) implements Filter {
    @Override
    public FilterSession newSession(
        SessionContext session, Downstream downstream, Upstream upstream) {
      return new FilterSession() {
        @Override
        public void routeQuery(Message message) {
          calls.add("down");
          downstream.routeQuery(message);
        }

        @Override
        public void clientReply(ByteBuf chunk, Reply reply) {
          calls.add("up");
          upstream.clientReply(chunk, reply);
        }

        @Override
        public void close() {
          calls.add("close");
        }
      };
    }

    @Override
    public void close() {}
  }
}

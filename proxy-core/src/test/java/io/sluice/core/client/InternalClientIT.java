package io.sluice.core.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.context.InternalClient;
import io.sluice.api.server.AdHocServer;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Reply;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineRequest;
import io.sluice.core.lines.LineServer;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.session.SessionInfo;
import io.sluice.testkit.await.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that modules open for themselves. */
class InternalClientIT implements EndpointHandler {

  private final LineServer a = new LineServer("a");

  /** With one loop, so that who opens a client on it can tell what comes during the call. */
  private final LineHarness proxy =
      new LineHarness(settings -> settings.withThreads(1), List.of(a));

  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile boolean opening;

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
  }

  private InternalClient open() throws Exception {
    return proxy.engine.eventLoops().next().submit(this::openConfigured).get(60, TimeUnit.SECONDS);
  }

  private InternalClient openConfigured() {
    return openHere(proxy.engine.servers().get(0));
  }

  private InternalClient openHere(Server server) {
    opening = true;
    InternalClient client =
        proxy
            .router
            .context
            .internalClients()
            .open("relay: link", server, new PasswordCredentials("repl", "secret"), null, this);
    opening = false;
    return client;
  }

  private static void ask(InternalClient client, String line) {
    client
        .eventLoop()
        .execute(
            () ->
                client
                    .endpoint()
                    .routeQuery(
                        Message.whole(
                            new LineRequest(line), Unpooled.copiedBuffer(line + "\n", UTF_8))));
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
    String text = chunk.toString(UTF_8).trim();
    chunk.release();
    events.add(text);
    if (text.equals("a:throw")) {
      throw new IllegalStateException("the owner is broken");
    }
  }

  @Override
  public void endpointReady(Endpoint endpoint) {
    events.add("ready");
  }

  @Override
  public void handleError(Endpoint from, Failure failure) {
    events.add("failed " + failure.reason().label() + " " + from.isOpen() + " " + opening);
  }

  @Test
  void shouldTalkToAServerThatIsNotInTheConfiguration() throws Exception {
    Server known = proxy.engine.servers().get(0);
    try (LineServer other = new LineServer("b");
        AdHocServer server =
            proxy.router.context.adHocServer(
                known, "told later", "127.0.0.1", other.port(), known.options())) {
      InternalClient client =
          proxy.engine.eventLoops().next().submit(() -> openHere(server)).get(60, TimeUnit.SECONDS);
      ask(client, "one");
      Await.until("answered", () -> events.equals(List.of("ready", "b:one")));
      assertThat(proxy.engine.servers()).containsExactly((ConfiguredServer) known);
      assertThat(server.protocol()).isEqualTo(known.protocol());
      client.close();
      Await.until("good-bye", () -> other.quits.get() >= 1);
    }
    assertThat(a.users).isEmpty();
  }

  @Test
  void shouldTalkToTheServerAndBeListed() throws Exception {
    InternalClient client = open();
    ask(client, "one");
    Await.until("answered", () -> events.equals(List.of("ready", "a:one")));
    assertThat(a.users).containsExactly("repl");
    SessionInfo info = proxy.engine.sessions().find(client.id()).orElseThrow();
    assertThat(info.internal()).isTrue();
    assertThat(info.service()).isEqualTo("relay: link");
    assertThat(info.user()).isEqualTo("repl");
    assertThat(proxy.engine.sessions().details(client.id()).get(60, TimeUnit.SECONDS))
        .hasValueSatisfying(
            details -> assertThat(details.endpoints().get(0).state()).isEqualTo("ready"));
    try (LineClient other = proxy.login("ann")) {
      assertThat(proxy.clients().get(0).id()).isEqualTo(client.id() + 1);
      assertThat(proxy.engine.sessions().countClients()).isEqualTo(1);
    }
    client.close();
    client.close();
    Await.until("gone", () -> proxy.engine.sessions().find(client.id()).isEmpty());
    Await.until("good-bye", () -> a.quits.get() >= 1);
    assertThat(events).containsExactly("ready", "a:one");
  }

  @Test
  void shouldReportThatTheServerCannotBeReachedOnceAndLater() throws Exception {
    a.close();
    InternalClient client = open();
    Await.until("told", () -> events.size() == 1);
    assertThat(events).containsExactly("failed server_lost false false");
    Await.until("gone", () -> proxy.engine.sessions().find(client.id()).isEmpty());
  }

  @Test
  void shouldReportALostServer() throws Exception {
    InternalClient client = open();
    ask(client, "die");
    Await.until("told", () -> events.size() == 2);
    assertThat(events).containsExactly("ready", "failed server_lost false false");
  }

  @Test
  void shouldReportNothingAfterClose() throws Exception {
    InternalClient client =
        proxy
            .engine
            .eventLoops()
            .next()
            .submit(
                () -> {
                  InternalClient opened = openConfigured();
                  opened.close();
                  return opened;
                })
            .get(60, TimeUnit.SECONDS);
    Await.until("gone", () -> proxy.engine.sessions().find(client.id()).isEmpty());
    client.eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS);
    assertThat(events).isEmpty();
  }

  @Test
  void shouldTellTheOwnerOfAKillAndOfItsOwnDefect() throws Exception {
    InternalClient killed = open();
    Await.until("ready", () -> events.contains("ready"));
    proxy.engine.sessions().kill(killed.id(), Failure.lasting(CloseReason.KILLED, "k", null));
    Await.until("told", () -> events.contains("failed killed false false"));
    assertThat(proxy.engine.servers().get(0).info().failures()).isZero();
    events.clear();
    InternalClient broken = open();
    ask(broken, "throw");
    Await.until("told", () -> events.contains("failed internal_error false false"));
    Await.until("gone", () -> proxy.engine.sessions().count() == 0);
  }

  @Test
  void shouldStayOpenWhileClientsAreDrainedAndEndWithTheEngine() throws Exception {
    InternalClient client = open();
    Await.until("ready", () -> events.contains("ready"));
    proxy.engine.sessions().drain(java.time.Duration.ZERO).get(60, TimeUnit.SECONDS);
    ask(client, "still");
    Await.until("answered", () -> events.contains("a:still"));
    proxy.engine.close();
    assertThat(proxy.engine.sessions().count()).isZero();
    assertThat(events).containsExactly("ready", "a:still");
  }

  @Test
  void shouldOpenNothingWhenTheEngineHasStopped() {
    proxy.engine.close();

    InternalClient client = openConfigured();
    client.close();

    assertThat(proxy.engine.sessions().count()).isZero();
    assertThat(events).isEmpty();
  }
}

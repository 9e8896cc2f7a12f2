package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.core.lines.FakeRouter;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions end: each for its own reason, each alone, each part closed once. */
class SessionEndIT {

  private final LineServer a = new LineServer("a");
  private LineHarness proxy = harness(Duration.ofMinutes(10));

  private LineHarness harness(Duration loginTimeout) {
    return new LineHarness(
        settings ->
            settings.withLoginTimeout(loginTimeout).withConnectTimeout(Duration.ofSeconds(30)),
        List.of(a),
        "f");
  }

  /** For tests of that time-out; others must not meet it on a slow machine. */
  private void withShortLogins() throws Exception {
    proxy.close();
    proxy = harness(Duration.ofSeconds(2));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
    assertThat(proxy.protocol.listenersClosed).hasValue(1);
    assertThat(proxy.protocol.backendsClosed).hasValue(1);
    assertThat(proxy.router.routersClosed).hasValue(1);
    assertThat(proxy.router.sessionsOpenAtClose).isZero();
  }

  private void assertEnded(CloseReason reason) {
    proxy.awaitNoSessions();
    assertThat(proxy.engine.sessions().closed()).containsEntry(reason, 1L);
    assertThat(proxy.engine.sessions().closed().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(1);
    Await.until("no connection to the server is left", () -> a.open() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"router-throws", "throw f", "backend-throws", "protocol-throws"})
  void shouldEndOnlyTheSessionInWhichAModuleThrows(String line) throws Exception {
    try (LineClient other = proxy.login("other");
        LineClient client = proxy.login("ann")) {
      other.ask("before");
      client.ask("one");
      assertThat(client.ask(line)).isEqualTo("ERR internal_error internal error");
      assertThat(client.line()).isNull();
      assertThat(other.ask("after")).isEqualTo("a:after");
      other.send("QUIT");
      assertThat(other.line()).isNull();
    }
    proxy.awaitNoSessions();
    assertThat(proxy.engine.sessions().closed())
        .containsEntry(CloseReason.INTERNAL_ERROR, 1L)
        .containsEntry(CloseReason.CLIENT_QUIT, 1L);
    assertThat(proxy.service.failures()).isEqualTo(1);
  }

  @Test
  void shouldRefuseTheLoginWhenTheRouterCannotMakeASession() throws Exception {
    proxy.router.sessions =
        (session, router) -> {
          throw new IllegalStateException("no session today");
        };
    try (LineClient client = proxy.connect()) {
      assertThat(client.ask("LOGIN ann")).isEqualTo("ERR internal_error internal error");
      assertThat(client.line()).isNull();
    }
    assertEnded(CloseReason.INTERNAL_ERROR);
    assertThat(proxy.notes).containsExactly("f close");
  }

  @Test
  void shouldRefuseTheLoginWhenTheRouterFailsTheSessionFromItsConstructor() throws Exception {
    proxy.router.sessions =
        (session, router) -> {
          session.fail(Failure.lasting(CloseReason.LIMIT, "too many", null));
          return new FakeRouter.Pass(session, router);
        };
    try (LineClient client = proxy.connect()) {
      assertThat(client.ask("LOGIN ann")).isEqualTo("ERR limit too many");
      assertThat(client.line()).isNull();
    }
    assertEnded(CloseReason.LIMIT);
    assertThat(proxy.router.passes.get(0).events).containsExactly("close");
  }

  @Test
  void shouldTellTheRouterOnceWhenTheServerCannotBeReached() throws Exception {
    a.close();
    try (LineClient client = proxy.login("ann")) {
      client.send("waits in vain");
      assertThat(client.line()).startsWith("ERR server_lost server s0 (localhost:");
    }
    assertEnded(CloseReason.SERVER_LOST);
    assertThat(proxy.router.passes.get(0).events).containsExactly("failed s0", "close");
    assertThat(proxy.engine.servers().get(0).info().failures()).isEqualTo(1);
  }

  @Test
  void shouldTellTheRouterWhenTheServerRefusesTheLogin() throws Exception {
    a.refuses = true;
    proxy.router.goesOnWithoutServer = true;
    try (LineClient client = proxy.login("ann")) {
      Await.until("the router knows", () -> proxy.router.failures.size() == 1);
      Failure failure = proxy.router.failures.get(0);
      assertThat(failure.kind()).isEqualTo(Failure.Kind.PERMANENT);
      assertThat(failure.reason()).isEqualTo(CloseReason.LOGIN_REFUSED);
      assertThat(client.ask("ask f")).isEqualTo("f answers");
    }
    assertEnded(CloseReason.CLIENT_LOST);
    assertThat(proxy.router.passes.get(0).events).containsExactly("failed s0", "close");
  }

  @Test
  void shouldFailTheServerWhoseLoginTakesTooLong() throws Exception {
    withShortLogins();
    a.answersLogins = false;
    try (LineClient client = proxy.login("ann")) {
      assertThat(client.line()).startsWith("ERR server_lost").contains("login not finished");
    }
    a.release();
    assertEnded(CloseReason.SERVER_LOST);
  }

  @Test
  void shouldTellTheRouterOnceWhenTheServerIsLostWhileBusy() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.ask("one");
      assertThat(client.ask("die")).isEqualTo("ERR server_lost the server hung up");
      assertThat(client.line()).isNull();
    }
    assertEnded(CloseReason.SERVER_LOST);
    assertThat(proxy.router.passes.get(0).events).containsExactly("ready s0", "failed s0", "close");
  }

  @Test
  void shouldTellTheRouterAfterItsOwnCallWhenTheServerFailsInside() throws Exception {
    proxy.router.goesOnWithoutServer = true;
    try (LineClient client = proxy.login("ann")) {
      client.ask("one");
      client.send("backend-fails");
      Await.until("the router knows", () -> proxy.router.failures.size() == 1);
      assertThat(client.ask("ask f")).isEqualTo("f answers");
      assertThat(proxy.router.passes.get(0).events)
          .containsExactly("ready s0", "routed", "failed s0");
    }
  }

  @Test
  void shouldCloseTheServerWhenTheClientIsLostWhileBusy() throws Exception {
    LineClient client = proxy.login("ann");
    client.send("hold");
    Await.until("the server is busy", () -> a.lines.contains("hold"));
    client.reset();
    proxy.awaitNoSessions();
    assertThat(proxy.engine.sessions().closed()).containsEntry(CloseReason.CLIENT_LOST, 1L);
    Await.until(
        "the server's connection is closed",
        () -> proxy.engine.servers().get(0).info().connections() == 0);
    a.release();
  }

  @Test
  void shouldEndALoginThatTakesTooLong() throws Exception {
    withShortLogins();
    try (LineClient client = proxy.connect()) {
      assertThat(client.line()).isEqualTo("ERR login_timeout no login within 2000 ms");
      assertThat(client.line()).isNull();
    }
    assertEnded(CloseReason.LOGIN_TIMEOUT);
    assertThat(proxy.router.opened).hasValue(0);
  }

  @Test
  void shouldNotEndASessionByTheLoginTimeoutLater() throws Exception {
    withShortLogins();
    try (LineClient client = proxy.login("ann")) {
      long until = System.nanoTime() + Duration.ofMillis(2300).toNanos();
      Await.until("the timeout has passed", () -> System.nanoTime() > until);
      assertThat(client.ask("still here")).isEqualTo("a:still here");
    }
  }

  @Test
  void shouldEndAClientThatBreaksTheProtocol() throws Exception {
    try (LineClient client = proxy.connect()) {
      assertThat(client.ask("GET / HTTP/1.1")).isEqualTo("ERR protocol expected LOGIN");
      assertThat(client.line()).isNull();
    }
    assertEnded(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldKillASessionOnRequestOfAnotherThread() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("hold");
      long id = proxy.clients().get(0).id();
      Failure failure = Failure.lasting(CloseReason.KILLED, "by an administrator", null);
      assertThat(proxy.engine.sessions().kill(id, failure)).isTrue();
      assertThat(client.line()).isEqualTo("ERR killed by an administrator");
      assertThat(client.line()).isNull();
      proxy.awaitNoSessions();
      assertThat(proxy.engine.sessions().kill(id, failure)).isFalse();
      assertThat(proxy.engine.sessions().kill(4711, failure)).isFalse();
      a.release();
    }
    assertEnded(CloseReason.KILLED);
  }

  @Test
  void shouldForceTheEndOfAClientThatDoesNotRead() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("big 60000000");
      Await.until(
          "the client is full", () -> proxy.router.passes.get(0).events.contains("writable false"));
      proxy
          .engine
          .sessions()
          .kill(proxy.clients().get(0).id(), Failure.lasting(CloseReason.KILLED, "k", null));
      proxy.awaitNoSessions();
      Await.until(
          "the channel is closed by force",
          () -> proxy.service.listeners().get(0).info().open() == 0);
    }
    assertEnded(CloseReason.KILLED);
  }
}

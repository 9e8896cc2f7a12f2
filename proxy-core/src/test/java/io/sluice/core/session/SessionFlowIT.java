package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.core.lines.FakeRouter;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.testkit.await.Await;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How requests and answers flow when nothing goes wrong. */
class SessionFlowIT {

  private final LineServer a = new LineServer("a");
  private final LineServer b = new LineServer("b");
  private final LineHarness proxy = new LineHarness(List.of(a, b), "outer", "inner");

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
    b.close();
  }

  @Test
  void shouldRouteToTheServerThatTheRouterChooses() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      assertThat(client.ask("one")).isEqualTo("a:one");
      assertThat(client.ask("@1 two")).isEqualTo("b:@1 two");
      assertThat(a.users).containsExactly("ann");
      assertThat(b.users).containsExactly("ann");
    }
    proxy.awaitNoSessions();
    Await.until("good-byes", () -> a.quits.get() == 1 && b.quits.get() == 1);
  }

  @Test
  void shouldPassFiltersInOrderDownAndInReverseUp() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.ask("hello");
    }
    proxy.awaitNoSessions();
    assertThat(proxy.notes)
        .containsExactly(
            "outer down hello",
            "inner down hello",
            "inner up a:hello",
            "outer up a:hello",
            "outer close",
            "inner close");
  }

  @Test
  void shouldLetAFilterAnswerByItself() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      assertThat(client.ask("ask inner")).isEqualTo("inner answers");
      assertThat(client.ask("ask outer")).isEqualTo("outer answers");
      assertThat(client.ask("next")).isEqualTo("a:next");
    }
    assertThat(proxy.notes)
        .startsWith("outer down ask inner", "inner down ask inner", "outer up inner answers")
        .contains("outer down ask outer")
        .doesNotContain("inner down ask outer");
    assertThat(a.lines).doesNotContain("ask inner", "ask outer");
  }

  @Test
  void shouldKeepTheOrderOfPipelinedRequests() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 5_000; i++) {
        all.append("request ").append(i).append('\n');
      }
      byte[] bytes = all.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.sendRaw(bytes);
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      for (int i = 0; i < 5_000; i++) {
        assertThat(client.line()).isEqualTo("a:request " + i);
      }
      sender.join();
    }
  }

  @Test
  void shouldQueueRequestsUntilTheServerHasLoggedIn() throws Exception {
    a.answersLogins = false;
    try (LineClient client = proxy.login("ann")) {
      client.send("early one");
      client.send("early two");
      Await.until(
          "both wait",
          () -> {
            SessionDetails details = details();
            return details.endpoints().get(0).state().equals("login")
                && details.endpoints().get(0).pending() == 2
                && details.endpoints().get(0).queuedBytes() == 20;
          });
      assertThat(proxy.router.passes.get(0).events).doesNotContain("ready s0");
      a.release();
      assertThat(client.line()).isEqualTo("a:early one");
      assertThat(client.line()).isEqualTo("a:early two");
      assertThat(proxy.router.passes.get(0).events).contains("ready s0");
    }
  }

  private SessionDetails details() throws Exception {
    SessionInfo info = proxy.clients().get(0);
    return proxy.engine.sessions().details(info.id()).get(60, TimeUnit.SECONDS).orElseThrow();
  }

  @Test
  void shouldShowTheSessionToAdministrators() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.ask("one");
      client.send("hold");
      Await.until("one is under way", () -> details().pending() == 1);
      SessionDetails details = details();
      assertThat(details.connection()).isEqualTo("command");
      assertThat(details.info().user()).isEqualTo("ann");
      assertThat(details.info().host()).isEqualTo("127.0.0.1");
      assertThat(details.info().service()).isEqualTo("app");
      assertThat(details.info().state()).isEqualTo("running");
      assertThat(details.info().requests()).isEqualTo(2);
      assertThat(details.info().internal()).isFalse();
      assertThat(details.info().id()).isEqualTo(1);
      assertThat(details.info().lastActivity()).isAfterOrEqualTo(details.info().connectedAt());
      assertThat(details.router()).containsEntry("endpoints", 2);
      Await.until("s1 is ready", () -> details().endpoints().get(1).state().equals("ready"));
      assertThat(details.endpoints().get(0)).isEqualTo(new EndpointInfo("s0", "ready", 1, 0));
      assertThat(proxy.engine.servers().get(0).info().connections()).isEqualTo(1);
      assertThat(proxy.service.currentSessions()).isEqualTo(1);
      assertThat(proxy.service.requests()).isEqualTo(2);
      assertThat(proxy.engine.sessions().details(99).get(60, TimeUnit.SECONDS)).isEmpty();
      a.release();
      assertThat(client.line()).isEqualTo("a:hold");
      client.send("QUIT");
      assertThat(client.line()).isNull();
    }
    proxy.awaitNoSessions();
    assertThat(proxy.engine.sessions().closed())
        .containsEntry(CloseReason.CLIENT_QUIT, 1L)
        .containsEntry(CloseReason.CLIENT_LOST, 0L);
    assertThat(proxy.service.failures()).isZero();
    Await.until("closed", () -> proxy.engine.servers().get(0).info().connections() == 0);
  }

  @Test
  void shouldNotCountRequestsWithoutAnAnswer() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("tell nobody");
      assertThat(client.ask("one")).isEqualTo("a:one");
      assertThat(details().pending()).isZero();
      assertThat(details().endpoints().get(0).pending()).isZero();
    }
  }

  @Test
  void shouldForgetRequestsToAClosedEndpoint() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.ask("one");
      client.send("close-endpoint");
      assertThat(client.ask("@1 two")).isEqualTo("b:@1 two");
      assertThat(details().endpoints()).extracting(EndpointInfo::server).containsExactly("s1");
      FakeRouter.Pass pass = proxy.router.passes.get(0);
      assertThat(pass.events).doesNotContain("failed s0");
      Await.until("s0 was told good-bye", () -> a.quits.get() == 1);
    }
  }
}

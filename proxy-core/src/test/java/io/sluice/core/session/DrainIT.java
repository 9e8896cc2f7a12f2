package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.SessionContext;
import io.sluice.core.lines.FakeRouter;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How sessions end when the process stops. */
class DrainIT {

  private static final String SHUTDOWN = "ERR shutdown the proxy is shutting down";

  private final LineServer a = new LineServer("a");
  private final LineHarness proxy = new LineHarness(List.of(a));

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
  }

  private CompletableFuture<Void> stopWithin(Duration grace) {
    return CompletableFuture.runAsync(() -> proxy.engine.stop(grace));
  }

  @Test
  void shouldEndIdleSessionsAtOnceAndBusyOnesWhenTheyAreDone() throws Exception {
    try (LineClient idle = proxy.login("idle");
        LineClient busy = proxy.login("busy");
        LineClient stranger = proxy.connect()) {
      busy.send("hold");
      Await.until("the server is busy", () -> a.lines.contains("hold"));
      Await.until("all are known", () -> proxy.clients().size() == 3);
      int port = proxy.port();
      CompletableFuture<Void> stopped = stopWithin(Duration.ofSeconds(30));
      assertThat(idle.line()).isEqualTo(SHUTDOWN);
      assertThat(idle.line()).isNull();
      assertThat(stranger.line()).isEqualTo(SHUTDOWN);
      Await.until("one is left", () -> proxy.clients().size() == 1);
      Await.until("it drains", () -> proxy.clients().get(0).state().equals("draining"));
      assertThat(proxy.engine.isRunning()).isFalse();
      assertThatThrownBy(() -> new LineClient(port).close()).isInstanceOf(IOException.class);
      assertThat(stopped).isNotDone();
      a.release();
      assertThat(busy.line()).isEqualTo("a:hold");
      assertThat(busy.line()).isEqualTo(SHUTDOWN);
      assertThat(busy.line()).isNull();
      stopped.get(60, TimeUnit.SECONDS);
    }
    assertThat(proxy.engine.sessions().closed()).containsEntry(CloseReason.SHUTDOWN, 3L);
    assertThat(proxy.router.sessionsOpenAtClose).isZero();
    assertThat(proxy.service.state()).isEqualTo("stopped");
  }

  @Test
  void shouldEndBusySessionsWhenTheGraceIsOver() throws Exception {
    try (LineClient busy = proxy.login("busy")) {
      busy.send("hold");
      Await.until("the server is busy", () -> a.lines.contains("hold"));
      CompletableFuture<Void> stopped = stopWithin(Duration.ofMillis(300));
      assertThat(busy.line()).isEqualTo(SHUTDOWN);
      assertThat(busy.line()).isNull();
      stopped.get(60, TimeUnit.SECONDS);
    }
    assertThat(proxy.router.passes.get(0).events).contains("draining").endsWith("close");
    assertThat(proxy.router.routersClosed).hasValue(1);
  }

  @Test
  void shouldLetARouterEndItsEndlessAnswers() throws Exception {
    proxy.router.sessions = Endless::new;
    try (LineClient busy = proxy.login("busy")) {
      busy.send("hold");
      Await.until("the server is busy", () -> a.lines.contains("hold"));
      CompletableFuture<Void> stopped = stopWithin(Duration.ofMinutes(5));
      assertThat(busy.line()).isNull();
      stopped.get(60, TimeUnit.SECONDS);
    }
    assertThat(proxy.engine.sessions().closed()).containsEntry(CloseReason.ROUTER_CLOSED, 1L);
  }

  private static final class Endless extends FakeRouter.Pass {
    Endless(SessionContext session, FakeRouter router) {
      super(session, router);
    }

    @Override
    public void draining() {
      session.close(CloseReason.ROUTER_CLOSED, "the stream has no end");
    }
  }
}

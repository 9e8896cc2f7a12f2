package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many sessions at once, and ends that race with each other. */
class ManySessionsIT {

  private final LineServer a = new LineServer("a");
  private final LineHarness proxy = new LineHarness(List.of(a), "f");

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
  }

  @Test
  void shouldServeAThousandSessions() throws Exception {
    List<LineClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        clients.add(proxy.login("user" + i));
      }
      for (LineClient client : clients) {
        client.send("question " + System.identityHashCode(client));
      }
      for (LineClient client : clients) {
        assertThat(client.line()).isEqualTo("a:question " + System.identityHashCode(client));
      }
      assertThat(proxy.engine.sessions().count()).isEqualTo(1_000);
      assertThat(proxy.clients()).extracting(SessionInfo::id).doesNotHaveDuplicates().isSorted();
    } finally {
      for (LineClient client : clients) {
        client.close();
      }
    }
    proxy.awaitNoSessions();
    Await.until("no connection to the server is left", () -> a.open() == 0);
    Await.until(
        "all connections are counted as closed",
        () -> proxy.engine.servers().get(0).info().connections() == 0);
    assertThat(proxy.service.totalSessions()).isEqualTo(1_000);
  }

  @Test
  void shouldSurviveEndsThatRace() throws Exception {
    Random random = new Random(4711);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<CompletableFuture<?>> all = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        int how = random.nextInt(4);
        LineClient client = proxy.connect();
        try {
          client.send("LOGIN ann");
          client.send("big 100000");
          client.send("die");
        } catch (java.io.IOException e) {
          // Killed before it could speak: a kill of an earlier round runs late.
        }
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    switch (how) {
                      case 0 -> client.reset();
                      case 1 -> client.close();
                      case 2 -> client.send("QUIT");
                      default -> client.line();
                    }
                  } catch (java.io.IOException e) {
                    // The session has ended already: that is the race.
                  }
                },
                threads));
        all.add(
            CompletableFuture.runAsync(
                () ->
                    proxy
                        .clients()
                        .forEach(
                            info ->
                                proxy
                                    .engine
                                    .sessions()
                                    .kill(
                                        info.id(),
                                        Failure.lasting(CloseReason.KILLED, "race", null))),
                threads));
        if (i % 50 == 49) {
          a.disconnectAll();
        }
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } finally {
      threads.shutdown();
    }
    Failure failure = Failure.lasting(CloseReason.KILLED, "race", null);
    Await.until(
        "all are gone",
        Duration.ofSeconds(60),
        () -> {
          proxy.clients().forEach(info -> proxy.engine.sessions().kill(info.id(), failure));
          return proxy.clients().isEmpty();
        });
    proxy.awaitNoSessions();
    assertThat(proxy.engine.sessions().closed()).containsEntry(CloseReason.INTERNAL_ERROR, 0L);
    Await.until("no connection is left", () -> a.open() == 0);
    try (LineClient client = proxy.login("bob")) {
      assertThat(client.ask("fine")).isEqualTo("a:fine");
    }
  }
}

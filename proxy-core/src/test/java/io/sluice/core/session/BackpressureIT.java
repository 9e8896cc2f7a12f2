package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.testkit.await.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slow side holds the fast one back; what waits in between has a bound. */
class BackpressureIT {

  private static final long SIZE = 200_000_000;

  /** Socket buffers of four sockets (6 MB each at most by the kernel's tuning) and our own. */
  private static final long BOUND = 40_000_000;

  private final LineServer a = new LineServer("a");
  private final LineHarness proxy = new LineHarness(List.of(a));

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    a.close();
  }

  /**
   * Waits until a count has not moved for a while, and returns it. Looks are counted, not time: the
   * machine may stand still itself.
   */
  private static long settled(AtomicLong count) {
    long[] last = {-1, 0};
    Await.until(
        "the stream stands still",
        Duration.ofSeconds(60),
        () -> {
          if (count.get() != last[0]) {
            last[0] = count.get();
            last[1] = 0;
          }
          return last[1]++ > 15;
        });
    return last[0];
  }

  @Test
  void shouldStopReadingTheServerForASlowClient() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("big " + SIZE);
      long sent = settled(a.bytesSent);
      assertThat(sent).isBetween(500_000L, BOUND);
      assertThat(proxy.router.passes.get(0).events).contains("writable false");
      assertThat(client.skipLine()).isEqualTo(SIZE);
      assertThat(proxy.router.passes.get(0).events).contains("writable true");
      assertThat(client.ask("small")).isEqualTo("a:small");
    }
  }

  @Test
  void shouldStopReadingTheClientForASlowServer() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("deaf");
      Await.until("the server is deaf", () -> a.lines.contains("deaf"));
      assertStalls(client);
    }
  }

  @Test
  void shouldStopReadingTheClientWhileTheServerIsOpening() throws Exception {
    a.answersLogins = false;
    try (LineClient client = proxy.login("ann")) {
      client.send("deaf");
      assertStalls(client);
    }
  }

  @Test
  void shouldForceTheEndOfAServerThatDoesNotRead() throws Exception {
    try (LineClient client = proxy.login("ann")) {
      client.send("deaf");
      AtomicLong written = new AtomicLong();
      CompletableFuture<Void> sender = sendAll(client, written);
      settled(written);
      proxy
          .engine
          .sessions()
          .kill(
              proxy.clients().get(0).id(),
              Failure.lasting(CloseReason.KILLED, "no patience", null));
      proxy.awaitNoSessions();
      Await.until(
          "the good-bye that nobody reads is given up",
          () -> proxy.engine.servers().get(0).info().connections() == 0);
      assertThat(sender).failsWithin(Duration.ofSeconds(60));
    }
  }

  @Test
  void shouldLeakNothingWhenItStopsInTheMiddleOfBothDirections() throws Exception {
    try (LineClient up = proxy.login("ann");
        LineClient down = proxy.login("bob")) {
      AtomicLong written = new AtomicLong();
      CompletableFuture<Void> sender = sendAll(up, written);
      down.send("big " + SIZE);
      Await.until(
          "bytes flow both ways",
          () -> written.get() > 10_000_000 && a.bytesSent.get() > 1_000_000);
      proxy.engine.close();
      assertThat(sender).failsWithin(Duration.ofSeconds(60));
    }
    assertThat(proxy.router.sessionsOpenAtClose).isZero();
  }

  private CompletableFuture<Void> sendAll(LineClient client, AtomicLong written) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            byte[] block = new byte[100_000];
            Arrays.fill(block, (byte) 'y');
            while (written.get() < SIZE) {
              client.sendRaw(block);
              written.addAndGet(block.length);
            }
            client.send("");
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private void assertStalls(LineClient client) throws Exception {
    AtomicLong written = new AtomicLong();
    CompletableFuture<Void> sender = sendAll(client, written);
    assertThat(settled(written)).isBetween(300_000L, BOUND);
    SessionDetails details =
        proxy
            .engine
            .sessions()
            .details(proxy.clients().get(0).id())
            .get(60, TimeUnit.SECONDS)
            .orElseThrow();
    // The queue's limit and what one round of reading may add to it.
    assertThat(details.endpoints().get(0).queuedBytes()).isLessThan(2_000_000);
    a.release();
    assertThat(client.line()).isEqualTo("a:deaf");
    assertThat(client.line()).startsWith("a:long ");
    sender.get(60, TimeUnit.SECONDS);
    assertThat(a.bytesRead.get()).isGreaterThan(SIZE);
  }
}

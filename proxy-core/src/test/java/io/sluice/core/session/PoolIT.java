package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.CloseReason;
import io.sluice.core.lines.LineClient;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineServer;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.PoolInfo;
import io.sluice.core.server.PoolLimits;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that outlive their session, and signs of life, with the line protocol. */
class PoolIT {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LineServer server = new LineServer("db");
  private LineHarness harness = harness(LONG, Duration.ZERO);

  private LineHarness harness(Duration loginTimeout, Duration keepAlive) {
    LineHarness made =
        new LineHarness(
            settings -> settings.withThreads(1).withLoginTimeout(loginTimeout),
            keepAlive,
            List.of(server));
    made.engine.servers().get(0).pool(new PoolLimits(8, LONG, LONG));
    return made;
  }

  private void replaceHarness(Duration loginTimeout, Duration keepAlive) throws IOException {
    harness.close();
    harness = harness(loginTimeout, keepAlive);
  }

  @AfterEach
  void stop() throws IOException {
    server.release();
    harness.close();
    server.close();
  }

  private ConfiguredServer configured() {
    return harness.engine.servers().get(0);
  }

  private PoolInfo pool() {
    return configured().info().pool();
  }

  private void await(String what, Callable<Boolean> condition) {
    Await.until(what, PATIENCE, condition, () -> pool() + " " + server.lines);
  }

  /** One session that asks something and says good-bye. */
  private void session(String user) throws IOException {
    try (LineClient client = harness.login(user)) {
      assertThat(client.ask("hello")).isEqualTo("db:hello");
      client.send("QUIT");
    }
    harness.awaitNoSessions();
  }

  private void sessionThatLeavesOne(String user) throws IOException {
    session(user);
    awaitReset(1);
  }

  private void awaitReset(int times) {
    await("the connection is reset", () -> pool().kept() == times);
  }

  @Test
  void shouldGiveTheConnectionOfASessionThatIsOverToTheNextOne() throws IOException {
    sessionThatLeavesOne("ann");
    session("ann");
    assertThat(server.accepted).hasValue(1);
    assertThat(server.lines).startsWith("hello", "RESET", "LOGIN ann", "hello");
    assertThat(pool().reused()).isEqualTo(1);
    assertThat(configured().info().failures()).isZero();
  }

  @Test
  void shouldNotGiveItToAnother() throws IOException {
    sessionThatLeavesOne("ann");
    session("bob");
    assertThat(server.users).containsExactly("ann", "bob");
    assertThat(pool().reused()).isZero();
    assertThat(pool().missed()).isEqualTo(2);
    await("both wait", () -> pool().idle() == 2);
    assertThat(configured().info().connections()).isEqualTo(2);
  }

  @Test
  void shouldCloseOneInTheMiddleOfAnAnswer() throws IOException {
    LineClient client = harness.login("ann");
    client.send("hold");
    await("the request is there", () -> server.lines.contains("hold"));
    client.close();
    harness.awaitNoSessions();
    server.release();
    await("the connection is closed", () -> server.open() == 0);
    assertThat(pool().idle()).isZero();
    assertThat(server.lines).doesNotContain("RESET");
  }

  @Test
  void shouldCloseOneThatItsProtocolDoesNotGiveOn() throws IOException {
    LineClient client = harness.login("ann");
    client.ask("taint");
    client.close();
    harness.awaitNoSessions();
    await("the connection is closed", () -> server.quits.get() == 1);
    assertThat(server.lines).doesNotContain("RESET");
  }

  @Test
  void shouldForgetOneThatTheServerClosed() throws IOException {
    sessionThatLeavesOne("ann");
    server.disconnectAll();
    await("it is forgotten", () -> pool().idle() == 0 && pool().dropped() == 1);
    session("ann");
    assertThat(server.accepted).hasValue(2);
    assertThat(pool().stale()).isZero();
  }

  @Test
  void shouldConnectAnewWhenTheServerWantsItNoMore() throws IOException {
    sessionThatLeavesOne("ann");
    server.refusesRenewal = true;
    session("ann");
    assertThat(server.accepted).hasValue(2);
    assertThat(pool().stale()).isEqualTo(1);
    assertThat(configured().info().failures()).isZero();
  }

  @Test
  void shouldConnectAnewWhenTheServerDoesNotAnswerOnIt() throws IOException {
    replaceHarness(Duration.ofSeconds(2), Duration.ZERO);
    sessionThatLeavesOne("ann");
    server.answersResets = false;
    session("ann");
    assertThat(server.accepted).hasValue(2);
    assertThat(pool().stale()).isEqualTo(1);
  }

  @Test
  void shouldTellTheClientWhenTheServerRefusesTheUser() throws IOException {
    sessionThatLeavesOne("ann");
    server.refuses = true;
    try (LineClient client = harness.login("ann")) {
      assertThat(client.ask("hello")).startsWith("ERR login_refused");
    }
    harness.awaitNoSessions();
    assertThat(server.accepted).hasValue(1);
    assertThat(harness.router.failures)
        .singleElement()
        .extracting("reason")
        .isEqualTo(CloseReason.LOGIN_REFUSED);
  }

  @Test
  void shouldKeepNoMoreThanItMay() throws IOException {
    configured().pool(new PoolLimits(1, LONG, LONG));
    sessionThatLeavesOne("ann");
    sessionOf("bob", 2);
    await("the older one makes room", () -> server.open() == 1);
    assertThat(pool().idle()).isEqualTo(1);
    session("bob");
    assertThat(pool().reused()).isEqualTo(1);
  }

  @Test
  void shouldCountNoIdleOnesAmongThoseThatTheServerMayHave() throws IOException {
    configured().limit(1);
    sessionThatLeavesOne("ann");
    assertThat(configured().seats().taken()).isZero();
    try (LineClient bob = harness.login("bob")) {
      assertThat(bob.ask("hello")).isEqualTo("db:hello");
      assertThat(configured().seats().taken()).isEqualTo(1);
      try (LineClient ann = harness.login("ann")) {
        assertThat(ann.line()).startsWith("ERR limit");
      }
      assertThat(pool().idle()).isEqualTo(1);
      bob.send("QUIT");
    }
    harness.awaitNoSessions();
    await("both wait", () -> pool().idle() == 2 && configured().seats().taken() == 0);
    session("ann");
    assertThat(pool().reused()).isEqualTo(1);
    assertThat(server.users).containsExactly("ann", "bob");
    assertThat(configured().seats().taken()).isZero();
  }

  @Test
  void shouldKeepTheSeatWhenOneOfNoUseIsReplaced() throws IOException {
    configured().limit(1);
    sessionThatLeavesOne("ann");
    server.refusesRenewal = true;
    session("ann");
    assertThat(pool().stale()).isEqualTo(1);
    await("the seat is free", () -> configured().seats().taken() == 0);
  }

  private void sessionOf(String user, int resets) throws IOException {
    session(user);
    awaitReset(resets);
  }

  @Test
  void shouldCloseOneThatWaitedLongEnough() throws IOException {
    configured().pool(new PoolLimits(8, Duration.ofMillis(20), LONG));
    session("ann");
    await("its time is over", () -> server.open() == 0 && pool().dropped() == 1);
    assertThat(server.quits).hasValue(1);
    assertThat(pool().idle()).isZero();
  }

  @Test
  void shouldCloseOneThatIsTooOldOrWhoseServerIsNotToBeUsed() throws IOException {
    configured().pool(new PoolLimits(8, LONG, Duration.ZERO));
    session("ann");
    await("the old one is closed", () -> server.open() == 0);
    configured().pool(new PoolLimits(8, LONG, LONG));
    harness
        .engine
        .board()
        .publish(
            configured(),
            new ServerState(
                ServerStatus.MAINTENANCE, Set.of(), List.of(), null, "", Instant.EPOCH, Map.of()));
    session("ann");
    await("that of the server in maintenance is closed", () -> server.open() == 0);
    assertThat(server.lines).doesNotContain("RESET");
  }

  @Test
  void shouldCloseOneThatIsNotResetInTime() throws IOException {
    replaceHarness(Duration.ofSeconds(2), Duration.ZERO);
    server.answersResets = false;
    session("ann");
    await("it is given up", () -> pool().dropped() == 1 && pool().idle() == 0);
  }

  @Test
  void shouldCloseThemWhenTheProcessStops() throws IOException {
    sessionThatLeavesOne("ann");
    harness.engine.close();
    await("the connection is closed", () -> server.quits.get() == 1);
    assertThat(harness.protocol.backendsClosed).hasValue(1);
    assertThat(pool().idle()).isZero();
  }

  @Test
  void shouldAskForSignsOfLifeWhileTheSessionIsIdle() throws IOException {
    replaceHarness(LONG, Duration.ofMillis(100));
    try (LineClient client = harness.login("ann")) {
      assertThat(client.ask("hello")).isEqualTo("db:hello");
      await("pings", () -> server.lines.stream().filter("PING"::equals).count() >= 3);
      assertThat(client.ask("still")).isEqualTo("db:still");
      client.send("QUIT");
    }
    harness.awaitNoSessions();
  }

  @Test
  void shouldEndTheConnectionOfADeadServer() throws IOException {
    replaceHarness(Duration.ofSeconds(2), Duration.ofMillis(50));
    server.answersPings = false;
    try (LineClient client = harness.login("ann")) {
      assertThat(client.line()).contains("server_lost").contains("no sign of life");
    }
    harness.awaitNoSessions();
  }
}

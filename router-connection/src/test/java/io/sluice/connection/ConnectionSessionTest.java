package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.api.server.ServerRole;
import io.sluice.api.session.Failure;
import io.sluice.connection.ConnectionSettings.Target;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionSessionTest {

  private static final ConnectionSettings ANY = new ConnectionSettings(Target.ANY, true, null);
  private static final ConnectionSettings MASTER =
      new ConnectionSettings(Target.MASTER, true, null);

  private final FakeServer one = new FakeServer("one", ServerRole.WRITER);
  private final FakeServer two = new FakeServer("two", ServerRole.WRITER);
  private FakeSession client = new FakeSession(ANY, one, two);

  @AfterEach
  void shouldHaveReleasedEverything() {
    client.session.close();
    assertThat(client.sent).allMatch(bytes -> bytes.refCnt() == 0);
    assertThat(client.connections(one) + client.connections(two)).isZero();
  }

  @Test
  void shouldOpenTheServerWithTheFirstRequest() {
    assertThat(client.opened).isEmpty();
    client.send("a");
    client.send("b");
    assertThat(client.opened).hasSize(1);
    assertThat(client.reading).as("the client waits").isFalse();
    client.last().ready();
    client.send("c");
    assertThat(client.opened).hasSize(1);
    assertThat(client.last().received).containsExactly("a", "b", "c");
    assertThat(client.reading).isTrue();
  }

  @Test
  void shouldSendWhatWaitedToTheNextServerWhenOneFails() {
    client.send("a", true, false);
    client.send("b", false, true);
    FakeSession.Opened failed = client.last();
    failed.fail(Failure.Kind.TRANSIENT);
    assertThat(client.opened).hasSize(2);
    assertThat(client.last().server()).isNotEqualTo(failed.server());
    client.last().ready();
    assertThat(failed.received).isEmpty();
    assertThat(client.last().received).containsExactly("a", "b");
    assertThat(client.failure).isNull();
    assertThat(client.session.diagnostics()).containsEntry("servers_tried", 2);
  }

  @Test
  void shouldEndWithTheLastFailureWhenNoServerIsLeft() {
    client.send("a");
    client.last().fail(Failure.Kind.TRANSIENT);
    client.last().fail(Failure.Kind.TRANSIENT);
    assertThat(client.failure).isNotNull();
    assertThat(client.failure.message()).isEqualTo(client.last().server().name() + " failed");
    assertThat(client.router.diagnostics())
        .containsAllEntriesOf(Map.of("without_server", 1L, "retries", 1L));
  }

  @Test
  void shouldNotTryAnotherServerAfterARefusalThatStays() {
    client.send("a");
    client.last().fail(Failure.Kind.PERMANENT);
    assertThat(client.opened).hasSize(1);
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldEndWithItsServer() {
    client.send("a");
    client.last().ready();
    client.last().fail(Failure.Kind.TRANSIENT);
    assertThat(client.opened).hasSize(1);
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldSayThatThereIsNoServer() {
    client = new FakeSession(MASTER, one);
    one.isDown();
    client.send("a");
    assertThat(client.failure).isNotNull();
    assertThat(client.failure.message())
        .isEqualTo("service app has no server now that can be used (target = master)");
  }

  @Test
  void shouldEndBeforeTheNextRequestWhenTheServerIsNoLongerTheMaster() {
    client = new FakeSession(MASTER, one);
    client.send("a");
    client.last().ready();
    client.send("b", true, false);
    one.is(null, ServerRole.READER);
    client.send("c", false, true);
    assertThat(client.failure).as("a request that has begun goes on").isNull();
    client.send("d");
    assertThat(client.failure).isNotNull();
    assertThat(client.failure.message()).contains("server one").contains("target = master");
    assertThat(client.last().received).containsExactly("a", "b", "c");
    client.send("e");
    assertThat(client.last().received).hasSize(3);
  }

  @Test
  void shouldReleaseWhatWaitsWhenTheClientGoes() {
    client.send("a");
    assertThat(client.connections(one) + client.connections(two)).isEqualTo(1);
    client.session.close();
    assertThat(client.sent).extracting(ByteBuf::refCnt).containsExactly(0);
  }

  @Test
  void shouldCountConnectionsOfAllSessions() {
    client.send("a");
    FakeSession other = new FakeSession(client.router);
    other.send("a");
    assertThat(other.last().server()).isNotEqualTo(client.last().server());
    assertThat(client.connections(one)).isEqualTo(1);
    assertThat(client.connections(two)).isEqualTo(1);
    other.session.close();
  }
}

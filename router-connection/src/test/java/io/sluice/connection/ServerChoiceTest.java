package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.connection.ConnectionSettings.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerChoiceTest {

  private final FakeServer master = new FakeServer("master", ServerRole.WRITER);
  private final FakeServer first = new FakeServer("first", ServerRole.READER);
  private final FakeServer second = new FakeServer("second", ServerRole.READER);
  private final Map<Server, Integer> connections = new HashMap<>();

  private ServerChoice choice(Target target, boolean reads, @Nullable Duration lag) {
    return new ServerChoice(
        () -> List.of(master, first, second),
        server -> connections.getOrDefault(server, 0),
        new ConnectionSettings(target, reads, lag));
  }

  private static List<@Nullable Server> three(ServerChoice choice) {
    List<@Nullable Server> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(choice.choose(server -> true));
    }
    return all;
  }

  @Test
  void shouldTakeTurnsAmongEquals() {
    assertThat(three(choice(Target.ANY, true, null)))
        .containsExactlyInAnyOrder(master, first, second);
  }

  @Test
  void shouldTakeTheOneWithTheFewestConnections() {
    connections.putAll(Map.of(master, 1, first, 3, second, 2));
    assertThat(three(choice(Target.ANY, true, null))).containsOnly(master);
    assertThat(three(choice(Target.REPLICA, true, null))).containsOnly(second);
  }

  @Test
  void shouldTakeOnlyTheMasterForTheMaster() {
    connections.put(master, 9);
    ServerChoice choice = choice(Target.MASTER, true, null);
    assertThat(three(choice)).containsOnly(master);
    master.isDown();
    assertThat(choice.choose(server -> true)).isNull();
  }

  @Test
  void shouldTakeTheMasterForReadsOnlyWithoutReplicasAndIfAllowed() {
    first.isDown();
    second.is(null);
    assertThat(three(choice(Target.REPLICA, true, null))).containsOnly(master);
    assertThat(choice(Target.REPLICA, false, null).choose(server -> true)).isNull();
  }

  @Test
  void shouldLeaveTheMasterOutOfAny() {
    assertThat(three(choice(Target.ANY, false, null))).doesNotContain(master);
  }

  @Test
  void shouldPassOverWhatWasTried() {
    ServerChoice choice = choice(Target.REPLICA, false, null);
    assertThat(choice.choose(server -> server != first)).isEqualTo(second);
    assertThat(choice.choose(server -> server != first && server != second)).isNull();
  }

  @Test
  void shouldPassOverReplicasThatAreBehindOrOfUnknownLag() {
    first.is(Duration.ofSeconds(5), ServerRole.READER);
    ServerChoice choice = choice(Target.REPLICA, false, Duration.ofSeconds(5));
    assertThat(choice.choose(server -> true)).isNull();
    second.is(Duration.ofMillis(4999), ServerRole.READER);
    assertThat(three(choice)).containsOnly(second);
    assertThat(three(choice(Target.ANY, true, Duration.ofSeconds(5)))).doesNotContain(first);
  }

  @Test
  void shouldEndSessionsWithServersThatAreUpAndSomethingElse() {
    ServerChoice writes = choice(Target.MASTER, true, null);
    assertThat(writes.stillFits(master)).isTrue();
    assertThat(writes.stillFits(first)).isFalse();
    ServerChoice reads = choice(Target.REPLICA, false, null);
    assertThat(reads.stillFits(first)).isTrue();
    assertThat(reads.stillFits(master)).isFalse();
    assertThat(choice(Target.REPLICA, true, null).stillFits(master)).isTrue();
    first.is(null);
    assertThat(reads.stillFits(first)).as("it no longer replicates").isFalse();
    assertThat(choice(Target.ANY, true, null).stillFits(first)).isTrue();
  }

  @Test
  void shouldLeaveServersThatAreNotUpToTheirConnections() {
    master.isDown();
    assertThat(choice(Target.MASTER, true, null).stillFits(master)).isTrue();
  }
}

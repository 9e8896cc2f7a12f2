package io.sluice.readwrite;

import static io.sluice.api.server.ServerRole.READER;
import static io.sluice.api.server.ServerRole.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.server.Server;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TargetSelectorTest {

  private final FakeServer master = new FakeServer("m", WRITER);
  private final FakeServer one = new FakeServer("r1", READER);
  private final FakeServer two = new FakeServer("r2", READER);
  private final Map<Server, ServerLoad> loads = new HashMap<>();

  @Test
  void shouldFindTheWriter() {
    assertThat(selector("").writer()).isSameAs(master);
    master.isDown();
    assertThat(selector("").writer()).isNull();
  }

  @Test
  void shouldTakeTurnsBetweenEqualReplicas() {
    TargetSelector selector = selector("");
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 6; i++) {
      names.add(name(selector.reader(server -> true)));
    }
    assertThat(names).containsExactly("r1", "r2");
  }

  @Test
  void shouldTakeTheLeastBusyReplica() {
    load(one).began();
    assertThat(names(selector(""))).containsExactly("r2");
    load(two).began();
    load(two).began();
    assertThat(names(selector(""))).containsExactly("r1");
  }

  @Test
  void shouldTakeTheReplicaWithFewestConnections() {
    load(two).opened();
    assertThat(names(selector("replica-selection = least-connections"))).containsExactly("r1");
  }

  @Test
  void shouldTakeTheReplicaThatIsLeastBehind() {
    one.is(Duration.ofSeconds(5), READER);
    two.is(Duration.ofSeconds(4), READER);
    assertThat(names(selector("replica-selection = least-behind"))).containsExactly("r2");
    two.is(null, READER);
    assertThat(names(selector("replica-selection = least-behind"))).containsExactly("r1");
  }

  @Test
  void shouldLeaveOutReplicasThatAreTooFarBehind() {
    one.is(Duration.ofSeconds(10), READER);
    two.is(Duration.ofSeconds(9), READER);
    assertThat(names(selector("max-replication-lag = 10s"))).containsExactly("r2");
    two.is(null, READER);
    assertThat(selector("max-replication-lag = 10s").reader(server -> true)).isNull();
  }

  @Test
  void shouldLeaveOutWhatIsNoReaderOrNotUsable() {
    one.isDown();
    assertThat(names(selector(""))).containsExactly("r2");
    assertThat(selector("").reader(server -> server != two)).isNull();
  }

  @Test
  void shouldShareReadsWithTheMasterIfToldSo() {
    assertThat(names(selector("master-accept-reads = true"))).containsExactly("m", "r1", "r2");
  }

  @Test
  void shouldUseNoReplicasIfNoneAreAllowed() {
    assertThat(selector("max-replica-connections = 0").reader(server -> true)).isNull();
  }

  private TargetSelector selector(String options) {
    return new TargetSelector(
        () -> List.of(master, one, two), this::load, FakeSession.settings(options));
  }

  private ServerLoad load(Server server) {
    return loads.computeIfAbsent(server, key -> new ServerLoad());
  }

  private static TreeSet<String> names(TargetSelector selector) {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 9; i++) {
      names.add(name(selector.reader(server -> true)));
    }
    return names;
  }

  private static String name(Server server) {
    assertThat(server).isNotNull();
    return server.name();
  }
}

package io.sluice.monitors.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.Problems;
import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.monitors.mariadb.ReplicaLink.IoState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private final Server one = new Named("db1", 3301);
  private final Server two = new Named("db2", 3302);
  private final Server three = new Named("db3", 3303);
  private final Map<Server, Observation> seen = new LinkedHashMap<>();
  private MonitorSettings settings = settings("");

  @Test
  void shouldFindMasterAndReplicas() {
    seen.put(one, up(false, 1));
    seen.put(two, up(true, 2, link("10.0.0.1", 3301, 1)));
    seen.put(three, up(false, 3, link("10.0.0.1", 3301, 1)));

    assertThat(roles()).containsExactly("WRITER", "READER", "READER");
    assertThat(state(one).labels()).containsExactly("Master", "Running");
    assertThat(state(two).labels()).containsExactly("Slave", "Running");
    assertThat(state(one).lag()).isEqualTo(Duration.ZERO);
    assertThat(state(two).lag()).isEqualTo(Duration.ofSeconds(4));
    assertThat(state(two).details()).containsEntry("source", "10.0.0.1:3301");
  }

  @Test
  void shouldRecogniseReplicasBehindARelay() {
    seen.put(one, up(false, 1));
    seen.put(two, up(false, 2, link("relay", 4001, 4711)));
    seen.put(three, up(true, 3, link("relay", 4001, 4711)));
    assertThat(roles()).containsExactly("WRITER", "READER", "READER");
  }

  @Test
  void shouldNeverPromoteAReplicaBehindARelayByItself() {
    seen.put(one, Observation.down("connection refused"));
    seen.put(two, up(false, 2, link("relay", 4001, 4711)));
    seen.put(three, up(false, 3, stopped("relay", 4001)));
    assertThat(roles()).containsExactly("", "READER", "");
    assertThat(new Topology(seen, settings, one).writer()).isNull();
  }

  @Test
  void shouldAllowAWriterThatReplicatesFromElsewhereIfToldSo() {
    settings = settings("writer-may-replicate = true");
    seen.put(one, up(false, 1, link("elsewhere", 3306, 99)));
    seen.put(two, up(false, 2, link("10.0.0.1", 3301, 1)));
    assertThat(roles()).containsExactly("WRITER", "READER");
  }

  @Test
  void shouldTakeTheOneThatMostReplicasFollow() {
    seen.put(one, up(false, 1));
    seen.put(two, up(false, 2));
    seen.put(three, up(true, 3, link("10.0.0.1", 3302, 0)));
    Topology topology = new Topology(seen, settings, one);
    assertThat(topology.writer()).isSameAs(two);
    assertThat(topology.candidates()).isEqualTo(2);
    assertThat(topology.followers(two)).isEqualTo(1);
  }

  @Test
  void shouldKeepTheWriterAmongEquals() {
    seen.put(one, up(false, 1));
    seen.put(two, up(false, 2));
    assertThat(new Topology(seen, settings, null).writer()).isSameAs(one);
    assertThat(new Topology(seen, settings, two).writer()).isSameAs(two);
  }

  @Test
  void shouldKnowASourceByItsServerIdToo() {
    seen.put(one, up(false, 7));
    seen.put(two, up(true, 2, link("another-name", 3306, 7)));
    assertThat(new Topology(seen, settings, null).followers(one)).isEqualTo(1);
  }

  @Test
  void shouldHaveNoWriterWhenAllAreReadOnly() {
    seen.put(one, up(true, 1));
    seen.put(two, up(true, 2, link("10.0.0.1", 3301, 1)));
    assertThat(roles()).containsExactly("", "READER");
    assertThat(state(one).labels()).containsExactly("Running");
    assertThat(state(one).message()).isEqualTo("read only and no replica");
  }

  @Test
  void shouldNotReadFromBrokenReplicas() {
    seen.put(one, up(false, 1));
    seen.put(two, up(true, 2, stopped("10.0.0.1", 3301)));
    seen.put(three, up(true, 3, sqlStopped("10.0.0.1", 3301)));
    assertThat(roles()).containsExactly("WRITER", "", "");
    assertThat(state(two).message())
        .isEqualTo("replication is broken: IO stopped, SQL running: error text");
    assertThat(state(three).message()).contains("SQL stopped");
  }

  @Test
  void shouldReadFromConnectingReplicasOnlyWithoutAMaster() {
    seen.put(one, up(false, 1));
    seen.put(two, up(true, 2, connecting("10.0.0.1", 3301)));
    assertThat(roles()).containsExactly("WRITER", "");
    seen.put(one, Observation.down("connection refused"));
    assertThat(roles()).containsExactly("", "READER");
    assertThat(state(two).lag()).isNull();

    settings = settings("connecting-replicas = read-never");
    assertThat(roles()).containsExactly("", "");
    settings = settings("connecting-replicas = read-always");
    seen.put(one, up(false, 1));
    assertThat(roles()).containsExactly("WRITER", "READER");
  }

  @Test
  void shouldTellWhatIsDownAndWhy() {
    seen.put(one, Observation.down("no answer within 3000 ms"));
    assertThat(state(one).status()).isEqualTo(ServerStatus.DOWN);
    assertThat(state(one).labels()).containsExactly("Down");
    assertThat(state(one).message()).isEqualTo("no answer within 3000 ms");
  }

  @Test
  void shouldGiveNoRoleToWhoDoesNotTellItsReplication() {
    seen.put(one, new Observation(true, "refused", false, 1, "10.11", "", null));
    assertThat(roles()).containsExactly("");
    assertThat(state(one).status()).isEqualTo(ServerStatus.UP);
    assertThat(state(one).message()).isEqualTo("refused");
  }

  private List<String> roles() {
    return seen.keySet().stream()
        .map(server -> state(server).roles())
        .map(roles -> roles.stream().map(ServerRole::name).findFirst().orElse(""))
        .toList();
  }

  private ServerState state(Server server) {
    return new Topology(seen, settings, null).state(server, Instant.EPOCH);
  }

  private static MonitorSettings settings(String options) {
    Problems problems = new Problems();
    var parsed =
        MonitorSettings.SPEC.parse(ConfigFactory.parseString(options).root(), "", problems);
    assertThat(problems.all()).isEmpty();
    return MonitorSettings.from(parsed);
  }

  private static Observation up(boolean readOnly, long id, ReplicaLink... links) {
    return new Observation(true, "", readOnly, id, "10.11", "0-1-5", List.of(links));
  }

  private static ReplicaLink link(String host, int port, long sourceId) {
    return new ReplicaLink(
        "", host, port, sourceId, IoState.RUNNING, true, Duration.ofSeconds(4), "");
  }

  private static ReplicaLink stopped(String host, int port) {
    return new ReplicaLink("", host, port, 0, IoState.STOPPED, true, null, "error text");
  }

  private static ReplicaLink sqlStopped(String host, int port) {
    return new ReplicaLink("", host, port, 0, IoState.RUNNING, false, null, "");
  }

  private static ReplicaLink connecting(String host, int port) {
    return new ReplicaLink("", host, port, 0, IoState.CONNECTING, true, null, "");
  }

  /** A server with an address. */
  private record Named(String name, int port) implements Server {
    @Override
    public String host() {
      return "10.0.0.1";
    }

    @Override
    public String protocol() {
      return "mysql";
    }

    @Override
    public ServerState state() {
      return ServerState.unknown(Instant.EPOCH);
    }

    @Override
    public Attributes attributes() {
      return new Attributes();
    }
  }
}

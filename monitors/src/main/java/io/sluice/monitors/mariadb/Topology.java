package io.sluice.monitors.mariadb;

import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.monitors.mariadb.MonitorSettings.ConnectingReplicas;
import io.sluice.monitors.mariadb.ReplicaLink.IoState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes roles out of what the servers said in one round.
 *
 * <ul>
 *   <li>The writer takes changes and replicates from nobody, or if the settings allow, from a
 *       source that is not monitored. Of several the one that most replicas follow is taken, then
 *       the one that was it before, then the first.
 *   <li>A reader is a replica whose SQL thread runs and whose IO thread receives events. Where the
 *       source is does not matter: a replica fed by a relay is a replica.
 * </ul>
 */
final class Topology {

  private final Map<Server, Observation> observations;
  private final MonitorSettings settings;
  private final @Nullable Server writer;
  private final int candidates;

  /**
   * Looks at one round.
   *
   * @param observations of all servers in the order of the configuration
   * @param before the writer of the round before, or null
   */
  Topology(
      Map<Server, Observation> observations, MonitorSettings settings, @Nullable Server before) {
    this.observations = observations;
    this.settings = settings;
    Server best = null;
    int count = 0;
    for (Server server : observations.keySet()) {
      if (canWrite(server)) {
        count++;
        if (best == null || isBetter(server, best, before)) {
          best = server;
        }
      }
    }
    this.writer = best;
    this.candidates = count;
  }

  /** The server that takes changes, or null. */
  @Nullable Server writer() {
    return writer;
  }

  /** How many servers could be the writer. */
  int candidates() {
    return candidates;
  }

  private boolean canWrite(Server server) {
    Observation observation = observation(server);
    List<ReplicaLink> links = observation.links();
    if (!observation.reachable() || observation.readOnly() || links == null) {
      return false;
    }
    return links.isEmpty()
        || (settings.writerMayReplicate() && links.stream().noneMatch(this::isMonitored));
  }

  private boolean isBetter(Server server, Server best, @Nullable Server before) {
    int difference = followers(server) - followers(best);
    return difference > 0 || (difference == 0 && server.equals(before));
  }

  /** How many servers replicate from it directly. */
  int followers(Server server) {
    int count = 0;
    for (Map.Entry<Server, Observation> other : observations.entrySet()) {
      List<ReplicaLink> links = other.getValue().links();
      if (!other.getKey().equals(server)
          && links != null
          && links.stream().anyMatch(link -> pointsTo(link, server))) {
        count++;
      }
    }
    return count;
  }

  private boolean isMonitored(ReplicaLink link) {
    return observations.keySet().stream().anyMatch(server -> pointsTo(link, server));
  }

  private boolean pointsTo(ReplicaLink link, Server server) {
    if (link.port() == server.port() && link.host().equalsIgnoreCase(server.host())) {
      return true;
    }
    long id = observation(server).serverId();
    return id != 0 && id == link.sourceId();
  }

  private Observation observation(Server server) {
    Observation observation = observations.get(server);
    return observation == null ? Observation.down("not asked") : observation;
  }

  /** The state to publish. */
  ServerState state(Server server, Instant now) {
    Observation observation = observation(server);
    if (!observation.reachable()) {
      return new ServerState(
          ServerStatus.DOWN, Set.of(), List.of("Down"), null, observation.problem(), now, Map.of());
    }
    boolean writes = server.equals(writer);
    boolean reads = !writes && canRead(observation);
    Set<ServerRole> roles =
        writes ? Set.of(ServerRole.WRITER) : reads ? Set.of(ServerRole.READER) : Set.of();
    List<String> labels =
        writes
            ? List.of("Master", "Running")
            : reads ? List.of("Slave", "Running") : List.of("Running");
    return new ServerState(
        ServerStatus.UP,
        roles,
        labels,
        writes ? Duration.ZERO : lag(observation),
        message(observation, writes || reads),
        now,
        details(observation));
  }

  private boolean canRead(Observation observation) {
    List<ReplicaLink> links = observation.links();
    return links != null && !links.isEmpty() && links.stream().allMatch(this::works);
  }

  private boolean works(ReplicaLink link) {
    if (!link.sqlRunning() || link.io() == IoState.STOPPED) {
      return false;
    }
    return link.io() == IoState.RUNNING
        || settings.connectingReplicas() == ConnectingReplicas.READ_ALWAYS
        || (settings.connectingReplicas() == ConnectingReplicas.READ_WITHOUT_MASTER
            && writer == null);
  }

  /** The largest lag of all sources; null when one is unknown. */
  private static @Nullable Duration lag(Observation observation) {
    List<ReplicaLink> links = observation.links();
    Duration largest = null;
    for (ReplicaLink link : links == null ? List.<ReplicaLink>of() : links) {
      Duration lag = link.lag();
      if (lag == null) {
        return null;
      }
      largest = largest == null || lag.compareTo(largest) > 0 ? lag : largest;
    }
    return largest;
  }

  private static String message(Observation observation, boolean used) {
    List<ReplicaLink> links = observation.links();
    if (used || links == null) {
      return observation.problem();
    }
    for (ReplicaLink link : links) {
      if (!link.sqlRunning() || link.io() != IoState.RUNNING) {
        return "replication is broken: IO "
            + word(link.io())
            + ", SQL "
            + (link.sqlRunning() ? "running" : "stopped")
            + (link.error().isEmpty() ? "" : ": " + link.error());
      }
    }
    return links.isEmpty()
        ? observation.readOnly() ? "read only and no replica" : "not the master and no replica"
        : "";
  }

  private static String word(IoState io) {
    return io.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Map<String, String> details(Observation observation) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("version", observation.version());
    details.put("server_id", Long.toString(observation.serverId()));
    details.put("read_only", Boolean.toString(observation.readOnly()));
    details.put("gtid", observation.gtid());
    List<ReplicaLink> links = observation.links();
    if (links != null && !links.isEmpty()) {
      ReplicaLink link = links.get(0);
      details.put("source", link.host() + ":" + link.port());
      details.put("io_thread", word(link.io()));
      details.put("sql_thread", link.sqlRunning() ? "running" : "stopped");
      details.put("sources", Integer.toString(links.size()));
    }
    return details;
  }
}

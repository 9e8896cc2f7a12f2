package io.sluice.readwrite;

import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chooses servers by their latest states and loads. Thread-safe. */
final class TargetSelector {

  private static final long UNKNOWN_LAG = Long.MAX_VALUE;

  private final Supplier<List<Server>> servers;
  private final Function<Server, ServerLoad> loads;
  private final ReadWriteSettings settings;
  private final AtomicInteger turn = new AtomicInteger();

  TargetSelector(
      Supplier<List<Server>> servers,
      Function<Server, ServerLoad> loads,
      ReadWriteSettings settings) {
    this.servers = servers;
    this.loads = loads;
    this.settings = settings;
  }

  /** The master, or null when there is none now. */
  @Nullable Server writer() {
    for (Server server : servers.get()) {
      if (server.state().is(ServerRole.WRITER)) {
        return server;
      }
    }
    return null;
  }

  /**
   * A server for a read.
   *
   * @param usable which servers the session can use
   * @return null when no replica will do, and the master does not share in reads
   */
  @Nullable Server reader(Predicate<Server> usable) {
    List<Server> all = servers.get();
    int count = all.size();
    int first = count == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
    Server best = null;
    long bestScore = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      Server server = all.get((first + i) % count);
      if (isCandidate(server) && usable.test(server)) {
        long score = score(server);
        if (best == null || score < bestScore) {
          best = server;
          bestScore = score;
        }
      }
    }
    return best;
  }

  private boolean isCandidate(Server server) {
    if (server.state().is(ServerRole.WRITER)) {
      return settings.masterAcceptsReads();
    }
    return settings.maxReplicaConnections() > 0
        && server.state().is(ServerRole.READER)
        && isFreshEnough(server);
  }

  private boolean isFreshEnough(Server server) {
    Duration limit = settings.maxReplicationLag();
    Duration lag = server.state().lag();
    return limit == null || (lag != null && lag.compareTo(limit) < 0);
  }

  private long score(Server server) {
    return switch (settings.selection()) {
      case LEAST_OPERATIONS -> loads.apply(server).operations();
      case LEAST_CONNECTIONS -> loads.apply(server).connections();
      case LEAST_BEHIND -> lag(server);
    };
  }

  private static long lag(Server server) {
    if (server.state().is(ServerRole.WRITER)) {
      return 0;
    }
    Duration lag = server.state().lag();
    return lag == null ? UNKNOWN_LAG : lag.toMillis();
  }
}

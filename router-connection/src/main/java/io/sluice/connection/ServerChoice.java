package io.sluice.connection;

import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.connection.ConnectionSettings.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Chooses servers by their latest states and loads. Thread-safe. */
final class ServerChoice {

  private final Supplier<List<Server>> servers;
  private final ToIntFunction<Server> connections;
  private final ConnectionSettings settings;
  private final AtomicInteger turn = new AtomicInteger();

  ServerChoice(
      Supplier<List<Server>> servers,
      ToIntFunction<Server> connections,
      ConnectionSettings settings) {
    this.servers = servers;
    this.connections = connections;
    this.settings = settings;
  }

  /**
   * A server for a new session.
   *
   * @param wanted which servers the session did not try yet
   * @return null when there is none
   */
  @Nullable Server choose(Predicate<Server> wanted) {
    return switch (settings.target()) {
      case MASTER -> fewest(wanted.and(server -> server.state().is(ServerRole.WRITER)));
      case REPLICA -> {
        Server replica = fewest(wanted.and(this::isFreshReplica));
        yield replica == null && settings.masterAcceptsReads()
            ? fewest(wanted.and(server -> server.state().is(ServerRole.WRITER)))
            : replica;
      }
      case ANY -> fewest(wanted.and(this::isAny));
    };
  }

  private @Nullable Server fewest(Predicate<Server> wanted) {
    List<Server> all = servers.get();
    int count = all.size();
    int first = count == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), count);
    Server best = null;
    int bestLoad = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      Server server = all.get((first + i) % count);
      int load = connections.applyAsInt(server);
      if (load < bestLoad && wanted.test(server)) {
        best = server;
        bestLoad = load;
      }
    }
    return best;
  }

  private boolean isAny(Server server) {
    ServerState state = server.state();
    if (state.is(ServerRole.WRITER)) {
      return settings.masterAcceptsReads();
    }
    return state.isUsable() && (!state.is(ServerRole.READER) || isFreshEnough(state));
  }

  private boolean isFreshReplica(Server server) {
    ServerState state = server.state();
    return state.is(ServerRole.READER) && isFreshEnough(state);
  }

  private boolean isFreshEnough(ServerState state) {
    Duration limit = settings.maxReplicationLag();
    Duration lag = state.lag();
    return limit == null || (lag != null && lag.compareTo(limit) < 0);
  }

  /**
   * Whether a session may go on with its server. One that is not up is left to its connection: that
   * knows better whether it still works, and who is in maintenance may finish.
   */
  boolean stillFits(Server server) {
    ServerState state = server.state();
    if (state.status() != ServerStatus.UP) {
      return true;
    }
    if (settings.target() == Target.MASTER) {
      return state.is(ServerRole.WRITER);
    }
    if (state.is(ServerRole.WRITER)) {
      return settings.masterAcceptsReads();
    }
    return settings.target() == Target.ANY || state.is(ServerRole.READER);
  }
}

package io.sluice.core.server;

import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The configured servers with their latest states. Thread-safe: states are immutable snapshots that
 * readers see at once.
 */
public final class ServerBoard {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerBoard.class);

  private final Clock clock;
  private final Map<String, ConfiguredServer> byName = new ConcurrentSkipListMap<>();
  private final List<ConfiguredServer> inOrder = new CopyOnWriteArrayList<>();

  /** Without servers. */
  public ServerBoard(Clock clock) {
    this.clock = clock;
  }

  /** Puts a server on the board, in the state of one that nobody has looked at. */
  public ConfiguredServer add(String name, String host, int port, String protocol) {
    ConfiguredServer server =
        new ConfiguredServer(name, host, port, protocol, ServerState.unknown(clock.instant()));
    if (byName.putIfAbsent(name, server) != null) {
      throw new IllegalArgumentException("server: " + name + " (expected: a name not yet in use)");
    }
    inOrder.add(server);
    return server;
  }

  /** The server of this name. */
  public Optional<ConfiguredServer> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All servers in the order of the configuration. */
  public List<ConfiguredServer> servers() {
    return List.copyOf(inOrder);
  }

  /**
   * Publishes a state. {@code since} is taken over from the state before when neither status nor
   * roles changed, and is now when they did.
   *
   * @throws IllegalArgumentException if the server is not on this board
   */
  public void publish(Server server, ServerState next) {
    ConfiguredServer known = known(server);
    ServerState before;
    boolean changed;
    synchronized (known) {
      before = known.state();
      changed = before.status() != next.status() || !before.roles().equals(next.roles());
      known.state(since(next, changed ? clock.instant() : before.since()));
    }
    if (changed) {
      LOGGER
          .atLevel(next.status() == ServerStatus.DOWN ? Level.WARN : Level.INFO)
          .addKeyValue("server", server.name())
          .addKeyValue("from", describe(before))
          .addKeyValue("to", describe(next))
          .addKeyValue("reason", next.message())
          .log("server state changed");
    }
  }

  private ConfiguredServer known(Server server) {
    if (server instanceof ConfiguredServer configured
        && byName.get(configured.name()) == configured) {
      return configured;
    }
    throw new IllegalArgumentException(
        "server: " + server.name() + " (expected: one of " + byName.keySet() + ")");
  }

  private static ServerState since(ServerState state, Instant since) {
    return new ServerState(
        state.status(),
        state.roles(),
        state.labels(),
        state.lag(),
        state.message(),
        since,
        state.details());
  }

  private static String describe(ServerState state) {
    return state.labels().isEmpty()
        ? state.status() + " " + state.roles()
        : state.status() + " " + state.labels();
  }
}

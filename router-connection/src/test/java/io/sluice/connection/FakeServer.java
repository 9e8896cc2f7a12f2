package io.sluice.connection;

import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server whose state the test decides. */
final class FakeServer implements Server {

  private final String name;
  private final Attributes attributes = new Attributes();
  private ServerState state = ServerState.unknown(Instant.EPOCH);

  FakeServer(String name, ServerRole... roles) {
    this.name = name;
    is(null, roles);
  }

  /** Is up with these roles. */
  void is(@Nullable Duration lag, ServerRole... roles) {
    state =
        new ServerState(
            ServerStatus.UP, Set.of(roles), List.of(), lag, "", Instant.EPOCH, Map.of());
  }

  void isDown() {
    state =
        new ServerState(
            ServerStatus.DOWN, Set.of(), List.of("Down"), null, "gone", Instant.EPOCH, Map.of());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String host() {
    return name;
  }

  @Override
  public int port() {
    return 3306;
  }

  @Override
  public String protocol() {
    return "mysql";
  }

  @Override
  public ServerState state() {
    return state;
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }

  @Override
  public String toString() {
    return name;
  }
}

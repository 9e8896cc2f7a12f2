package io.sluice.core.admin;

import io.sluice.api.server.ServerState;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.PoolInfo;
import io.sluice.core.server.ServerInfo;
import io.sluice.core.service.Engine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The servers of the configuration. */
final class ServerResources implements Resources {

  private final Engine engine;

  ServerResources(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String type() {
    return "servers";
  }

  @Override
  public List<Resource> list() {
    return engine.servers().stream()
        .map(server -> brief(server.info()).resource(server.name()))
        .toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return engine.board().find(id).map(ServerResources::whole);
  }

  private static Resource whole(ConfiguredServer server) {
    ServerInfo info = server.info();
    ServerState state = info.state();
    return brief(info)
        .put("protocol", info.protocol())
        .put(
            "roles",
            state.roles().stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList())
        .put("since", state.since())
        .put("total_connections", info.totalConnections())
        .put("failures", info.failures())
        .put("pool", pool(info.pool()))
        .put("details", state.details().isEmpty() ? null : state.details())
        .resource(server.name());
  }

  private static @Nullable Map<String, Object> pool(PoolInfo pool) {
    if (pool.maxIdle() == 0) {
      return null;
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("max_idle", pool.maxIdle());
    shown.put("idle", pool.idle());
    shown.put("kept", pool.kept());
    shown.put("reused", pool.reused());
    shown.put("missed", pool.missed());
    shown.put("stale", pool.stale());
    shown.put("dropped", pool.dropped());
    return shown;
  }

  private static Attributes brief(ServerInfo info) {
    ServerState state = info.state();
    @Nullable Duration lag = state.lag();
    return new Attributes()
        .put("address", info.host())
        .put("port", info.port())
        .put("status", state.status().name().toLowerCase(Locale.ROOT))
        .put("state", String.join(", ", state.labels()))
        .put("connections", info.connections())
        .put("lag_seconds", lag == null ? "" : lag.toMillis() / 1000.0)
        .put("message", state.message());
  }
}

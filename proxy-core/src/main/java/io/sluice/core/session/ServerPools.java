package io.sluice.core.session;

import io.netty.channel.EventLoop;
import io.sluice.api.server.Server;
import io.sluice.core.server.ConfiguredServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of all servers: one {@link LoopPool} for each server and event loop that has
 * any. Thread-safe.
 */
public final class ServerPools {

  private record Place(ConfiguredServer server, EventLoop loop) {}

  private final Clock clock;
  private final SessionLimits limits;
  private final Map<Place, LoopPool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Without connections. */
  public ServerPools(Clock clock, SessionLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  /** What a session on that loop works with; null when the server's connections are not kept. */
  @Nullable LoopPool of(Server server, EventLoop loop) {
    if (!(server instanceof ConfiguredServer configured) || !configured.poolLimits().isEnabled()) {
      return null;
    }
    LoopPool pool =
        pools.computeIfAbsent(
            new Place(configured, loop), place -> new LoopPool(configured, loop, clock, limits));
    // Asked last: whoever closes them later has seen this one.
    return closed ? null : pool;
  }

  /**
   * Closes all connections and keeps none from now on.
   *
   * @return done when they are closed
   */
  public CompletableFuture<Void> close() {
    closed = true;
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (LoopPool pool : pools.values()) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends.add(end);
      try {
        pool.loop().execute(() -> pool.close(end));
      } catch (RejectedExecutionException e) {
        end.complete(null);
      }
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
  }
}

package io.sluice.core.session;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.server.PoolCounters;
import io.sluice.core.server.PoolLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections to one server on one event loop, the longest idle first. A session gets the
 * one that became idle last, if it suits it. When all places are taken the longest idle one of the
 * loop makes room. Idle ones do not count among those that the server may have. Confined to the
 * event loop.
 */
final class LoopPool {

  private final ConfiguredServer server;
  private final EventLoop loop;
  private final Clock clock;
  private final SessionLimits limits;
  private final Set<ParkedLink> held = new LinkedHashSet<>();
  private boolean closed;

  LoopPool(ConfiguredServer server, EventLoop loop, Clock clock, SessionLimits limits) {
    this.server = server;
    this.loop = loop;
    this.clock = clock;
    this.limits = limits;
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * A connection for a session with this key, or null. It still has to be renewed.
   *
   * @param user whose it is from now on; there is none for a user who may not have one more
   */
  @Nullable ServerLink take(Object key, ServerLink.User user) {
    @Nullable ParkedLink found = null;
    for (ParkedLink parked : held) {
      if (parked.suits(key)) {
        found = parked;
      }
    }
    if (found == null) {
      server.poolCounters().missed();
      return null;
    }
    if (!found.link().takeSeat(user)) {
      return null;
    }
    forget(found);
    ServerLink taken = found.take();
    taken.handTo(user);
    return taken;
  }

  /**
   * Takes over the connection of a session that is over, unless there is no place for it or the
   * server is not to be used.
   */
  boolean park(ServerLink link) {
    PoolLimits pool = server.poolLimits();
    Duration left = pool.maxAge().minusMillis(clock.millis() - link.connectedAt());
    if (closed || !server.state().isUsable() || left.isNegative() || left.isZero()) {
      return false;
    }
    if (!link.isReusable() || !reserve(pool)) {
      return false;
    }
    ParkedLink parked = new ParkedLink(this, link);
    held.add(parked);
    link.leaveSeat();
    parked.reset(
        limits.loginTimeout(), left.compareTo(pool.idleTime()) < 0 ? left : pool.idleTime());
    return true;
  }

  private boolean reserve(PoolLimits pool) {
    PoolCounters counters = server.poolCounters();
    if (counters.reserve(pool.maxIdle())) {
      return true;
    }
    return closeLongestIdle() && counters.reserve(pool.maxIdle());
  }

  private boolean closeLongestIdle() {
    for (ParkedLink parked : held) {
      if (parked.isIdle()) {
        parked.close();
        return true;
      }
    }
    return false;
  }

  /** It is no longer here. */
  void forget(ParkedLink parked) {
    if (held.remove(parked)) {
      server.poolCounters().release();
    }
  }

  /** It is reset and waits. */
  void kept() {
    server.poolCounters().kept();
  }

  /** It was closed before a session came for it. */
  void dropped(ParkedLink parked) {
    forget(parked);
    server.poolCounters().dropped();
  }

  Future<?> after(Duration time, Runnable task) {
    return loop.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  Duration linger() {
    return limits.linger();
  }

  String server() {
    return server.name();
  }

  /** Closes all of them and keeps none from now on; the future is completed when they are. */
  void close(CompletableFuture<Void> end) {
    closed = true;
    CompletableFuture<?>[] ends =
        held.stream()
            .map(ParkedLink::link)
            .map(ServerLink::closed)
            .toArray(CompletableFuture[]::new);
    List.copyOf(held).forEach(ParkedLink::close);
    CompletableFuture.allOf(ends).thenRun(() -> end.complete(null));
  }
}

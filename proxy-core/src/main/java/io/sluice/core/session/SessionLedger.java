package io.sluice.core.session;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a client session: who, since when, how much. Written on its event loop, read by
 * any thread.
 */
final class SessionLedger {

  private static final Logger LOGGER = LoggerFactory.getLogger(SessionLedger.class);

  private final long id;
  private final String service;
  private volatile String clientHost;
  private final Clock clock;
  private final Instant connectedAt;
  private final AtomicLong lastActivity;
  private final AtomicLong requests = new AtomicLong();

  /** As {@link #lastActivity}, but no matter how the system's time is set; for the loop only. */
  private long quietSince = System.nanoTime();

  private volatile @Nullable Identity identity;

  SessionLedger(long id, String service, String clientHost, Clock clock) {
    this.id = id;
    this.service = service;
    this.clientHost = clientHost;
    this.clock = clock;
    this.connectedAt = clock.instant();
    this.lastActivity = new AtomicLong(connectedAt.toEpochMilli());
  }

  long id() {
    return id;
  }

  String clientHost() {
    return clientHost;
  }

  /** A balancer has named the client behind it. */
  void clientHost(String forwarded) {
    clientHost = forwarded;
  }

  @Nullable Identity identity() {
    return identity;
  }

  void identity(Identity known) {
    identity = known;
  }

  void activity() {
    quietSince = System.nanoTime();
    lastActivity.setRelease(clock.millis());
  }

  /** For how long nothing has happened; on the loop only. */
  long quietMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - quietSince);
  }

  void request() {
    requests.setRelease(requests.getPlain() + 1);
  }

  SessionInfo info(SessionState state) {
    @Nullable Identity known = identity;
    return new SessionInfo(
        id,
        false,
        service,
        known == null ? "" : known.user(),
        known == null ? clientHost : known.host(),
        state.kind().label(),
        connectedAt,
        Instant.ofEpochMilli(lastActivity.getAcquire()),
        requests.getAcquire());
  }

  void logEnd(SessionState.Closed closed) {
    SessionInfo info = info(closed);
    // Connections that come and go without a word are health checks.
    boolean nobody = identity == null && closed.reason() == CloseReason.CLIENT_LOST;
    (nobody ? LOGGER.atDebug() : LOGGER.atInfo())
        .addKeyValue("session", id)
        .addKeyValue("user", info.user())
        .addKeyValue("host", info.host())
        .addKeyValue("service", service)
        .addKeyValue("reason", closed.reason().label())
        .addKeyValue("detail", closed.detail())
        .addKeyValue("duration_ms", Duration.between(connectedAt, clock.instant()).toMillis())
        .addKeyValue("requests", info.requests())
        .log("session ended");
  }
}

package io.sluice.core.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.core.net.BackpressureBridge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a client session that takes too long: to log in, to ask, to go on with what it has begun to
 * ask, or to take what is sent to it. Confined to the session's event loop. One timer at a time,
 * and none while nothing is limited.
 */
final class SessionWatch {

  /** What is being sent is looked at so often within its time. */
  private static final int LOOKS = 4;

  private final Channel channel;
  private final Duration login;
  private final ClientLimits limits;
  private final SessionMachine machine;
  private final SessionLedger ledger;
  private final BackpressureBridge bridge;
  private @Nullable Future<?> timer;
  private boolean inRequest;
  private @Nullable Object sending;
  private long sent;
  private long left;
  private long stuckSince;

  SessionWatch(
      Channel channel,
      Duration login,
      ClientLimits limits,
      SessionMachine machine,
      SessionLedger ledger,
      BackpressureBridge bridge) {
    this.channel = channel;
    this.login = login;
    this.limits = limits;
    this.machine = machine;
    this.ledger = ledger;
    this.bridge = bridge;
  }

  /** The client is there; its login must be done in time. */
  void onConnected() {
    schedule(this::onLoginTimeout, login.toMillis());
  }

  /** The login is done. */
  void onAuthenticated() {
    stop();
    ledger.activity();
    next();
  }

  /** A piece of a request came. */
  void onRequest(boolean last) {
    inRequest = !last;
  }

  /** The session is over. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    sending = null;
  }

  private void schedule(Runnable task, long millis) {
    timer = channel.eventLoop().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private void onLoginTimeout() {
    end(CloseReason.LOGIN_TIMEOUT, "no login within " + login.toMillis() + " ms", true);
  }

  /** Looks again when a limit can be reached at the earliest. */
  private void next() {
    long millis = Long.MAX_VALUE;
    if (!limits.idleTimeout().isZero()) {
      long idle = idleLeft();
      millis = Math.min(millis, idle > 0 ? idle : limits.idleTimeout().toMillis());
    }
    if (!limits.writeTimeout().isZero()) {
      long whole = limits.writeTimeout().toMillis();
      millis = Math.min(millis, Math.max(1, sending == null ? whole : whole / LOOKS));
    }
    if (millis < Long.MAX_VALUE && !machine.isClosed()) {
      schedule(this::look, millis);
    }
  }

  private long idleLeft() {
    return limits.idleTimeout().toMillis() - ledger.quietMillis();
  }

  private void look() {
    timer = null;
    boolean limited = !limits.idleTimeout().isZero();
    if (limited && idleLeft() <= 0 && isClientsTurn()) {
      end(
          CloseReason.IDLE_TIMEOUT,
          "nothing from the client for " + limits.idleTimeout().toMillis() + " ms",
          true);
    } else if (!limits.writeTimeout().isZero() && isStuck()) {
      end(
          CloseReason.WRITE_TIMEOUT,
          "the client has taken nothing for " + limits.writeTimeout().toMillis() + " ms",
          false);
    } else {
      next();
    }
  }

  private boolean isClientsTurn() {
    return machine.pending() == 0 || (inRequest && bridge.isClientRead());
  }

  /** Whether the same bytes have been waiting at the same place for the whole time. */
  private boolean isStuck() {
    @Nullable ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    @Nullable Object first = out == null ? null : out.current();
    if (out == null || first == null) {
      sending = null;
      return false;
    }
    long now = System.nanoTime();
    if (first != sending || out.currentProgress() != sent || out.totalPendingWriteBytes() < left) {
      stuckSince = now;
    }
    sending = first;
    sent = out.currentProgress();
    left = out.totalPendingWriteBytes();
    return now - stuckSince >= limits.writeTimeout().toNanos();
  }

  private void end(CloseReason reason, String detail, boolean told) {
    machine.onClose(reason, detail, told ? Failure.passing(reason, detail, null) : null);
  }
}

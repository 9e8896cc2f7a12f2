package io.sluice.core.session;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends a client session that takes too long. Confined to the session's event loop. */
final class SessionWatch {

  private final Channel channel;
  private final SessionLimits limits;
  private final SessionMachine machine;
  private @Nullable Future<?> timer;

  SessionWatch(Channel channel, SessionLimits limits, SessionMachine machine) {
    this.channel = channel;
    this.limits = limits;
    this.machine = machine;
  }

  /** The client is there; its login must be done in time. */
  void onConnected() {
    Duration timeout = limits.loginTimeout();
    timer =
        channel
            .eventLoop()
            .schedule(this::onLoginTimeout, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The login is done. */
  void onAuthenticated() {
    stop();
  }

  /** The session is over. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void onLoginTimeout() {
    String detail = "no login within " + limits.loginTimeout().toMillis() + " ms";
    machine.onClose(
        CloseReason.LOGIN_TIMEOUT,
        detail,
        Failure.passing(CloseReason.LOGIN_TIMEOUT, detail, null));
  }
}

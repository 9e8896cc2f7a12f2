package io.sluice.core.session;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a client session is in its life. Immutable; each state has the transitions that it allows.
 *
 * <pre>
 *   Connected ──greeted──▶ LoggingIn ──authenticated──▶ Running ──draining──▶ Draining
 *       └───────────────closed──┴───────────────closed─────┴───closed─────────────┴──▶ Closed
 * </pre>
 */
sealed interface SessionState {

  /** The states, for exhaustive switches and for administrators. */
  enum Kind {
    CONNECTED,
    LOGIN,
    RUNNING,
    DRAINING,
    CLOSED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Kind kind();

  /** Ends it, from any state but the last. */
  default Closed closed(CloseReason reason, String detail, @Nullable Failure failure) {
    return new Closed(reason, detail, failure);
  }

  /** Accepted; the protocol has not begun. */
  record Connected() implements SessionState {
    @Override
    public Kind kind() {
      return Kind.CONNECTED;
    }

    LoggingIn greeted() {
      return new LoggingIn();
    }
  }

  /** The protocol is finding out who it is. */
  record LoggingIn() implements SessionState {
    @Override
    public Kind kind() {
      return Kind.LOGIN;
    }

    Running authenticated(Identity identity) {
      return new Running(identity);
    }
  }

  /** Requests flow. */
  record Running(Identity identity) implements SessionState {
    @Override
    public Kind kind() {
      return Kind.RUNNING;
    }

    Running changed(Identity next) {
      return new Running(next);
    }

    Draining draining() {
      return new Draining(identity);
    }
  }

  /** The process stops; the requests under way may finish. */
  record Draining(Identity identity) implements SessionState {
    @Override
    public Kind kind() {
      return Kind.DRAINING;
    }

    Draining changed(Identity next) {
      return new Draining(next);
    }
  }

  /**
   * Over.
   *
   * @param reason why
   * @param detail more, for the log
   * @param failure what the client is told; null for nothing
   */
  record Closed(CloseReason reason, String detail, @Nullable Failure failure)
      implements SessionState {
    @Override
    public Kind kind() {
      return Kind.CLOSED;
    }
  }
}

package io.sluice.core.session;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client session, and the only one who ends it. Confined to the session's event
 * loop; {@link #state} may be read by any thread.
 *
 * <p>Transitions and what triggers them:
 *
 * <ul>
 *   <li>Connected → LoggingIn: {@link #onGreeted}, the protocol began
 *   <li>LoggingIn → Running: {@link #onAuthenticated}
 *   <li>Running → Draining: {@link #onDrain} with requests under way
 *   <li>Draining → Closed: {@link #onReplyComplete} of the last request under way
 *   <li>Connected, LoggingIn, or Running without a request → Closed: {@link #onDrain}
 *   <li>any → Closed: {@link #onClose}
 * </ul>
 *
 * <p>After Closed every event is ignored; other illegal events throw.
 */
final class SessionMachine {

  /** What the machine does to the world. */
  interface Effects {
    /** The session has just become closed; called once. */
    void end(SessionState.Closed closed);
  }

  private final Effects effects;
  private volatile SessionState state = new SessionState.Connected();
  private int pending;

  SessionMachine(Effects effects) {
    this.effects = effects;
  }

  SessionState state() {
    return state;
  }

  boolean isClosed() {
    return state.kind() == SessionState.Kind.CLOSED;
  }

  /** Whether requests and answers flow. */
  boolean isOpen() {
    SessionState.Kind kind = state.kind();
    return kind == SessionState.Kind.RUNNING || kind == SessionState.Kind.DRAINING;
  }

  /** How many requests of the client are not completely answered. */
  int pending() {
    return pending;
  }

  @Nullable Identity identity() {
    SessionState now = state;
    if (now instanceof SessionState.Running running) {
      return running.identity();
    }
    return now instanceof SessionState.Draining draining ? draining.identity() : null;
  }

  void onGreeted() {
    if (isClosed()) {
      return;
    }
    if (!(state instanceof SessionState.Connected connected)) {
      throw illegal("greeted");
    }
    state = connected.greeted();
  }

  /** Whether the session goes on: false when it is closed already. */
  boolean onAuthenticated(Identity identity) {
    if (isClosed()) {
      return false;
    }
    if (!(state instanceof SessionState.LoggingIn login)) {
      throw illegal("authenticated");
    }
    state = login.authenticated(identity);
    return true;
  }

  void onIdentityChanged(Identity identity) {
    if (isClosed()) {
      return;
    }
    if (state instanceof SessionState.Running running) {
      state = running.changed(identity);
    } else if (state instanceof SessionState.Draining draining) {
      state = draining.changed(identity);
    } else {
      throw illegal("identity changed");
    }
  }

  void onRequest() {
    pending++;
  }

  void onReplyComplete() {
    if (pending > 0) {
      pending--;
    }
    if (pending == 0 && state.kind() == SessionState.Kind.DRAINING) {
      end(state.closed(CloseReason.SHUTDOWN, "finished what was under way", shutdown()));
    }
  }

  /** Whether the session now waits for requests under way: false when it is closed. */
  boolean onDrain() {
    if (isClosed()) {
      return false;
    }
    if (state instanceof SessionState.Running running && pending > 0) {
      state = running.draining();
      return true;
    }
    if (state instanceof SessionState.Draining) {
      return true;
    }
    end(state.closed(CloseReason.SHUTDOWN, "nothing was under way", shutdown()));
    return false;
  }

  void onClose(CloseReason reason, String detail, @Nullable Failure failure) {
    if (!isClosed()) {
      end(state.closed(reason, detail, failure));
    }
  }

  private void end(SessionState.Closed closed) {
    state = closed;
    effects.end(closed);
  }

  static Failure shutdown() {
    return Failure.passing(CloseReason.SHUTDOWN, "the proxy is shutting down", null);
  }

  private IllegalStateException illegal(String event) {
    return new IllegalStateException(
        "session state: " + state.kind().label() + " (expected: one that allows: " + event + ")");
  }
}

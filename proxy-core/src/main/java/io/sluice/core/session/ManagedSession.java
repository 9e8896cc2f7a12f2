package io.sluice.core.session;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.SessionOwner;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A session as the registry sees it. All methods may be called on any thread. */
public interface ManagedSession {

  /** Its number. */
  long id();

  /** Whether it has no socket. */
  boolean isInternal();

  /** A quick look. */
  SessionInfo info();

  /** A close look, taken on its event loop. */
  CompletableFuture<SessionDetails> details();

  /** Ends it with an error to its client. */
  void kill(Failure failure);

  /** Whose it is; empty for one without a client. */
  default Optional<SessionOwner> owner() {
    return Optional.empty();
  }

  /** Asks its servers to break off what they do for it. */
  default CompletableFuture<Void> interrupt() {
    return CompletableFuture.completedFuture(null);
  }

  /** Ends it. */
  void end(CloseReason reason, String detail);

  /** Lets it finish what is under way, then ends it. */
  void drain();

  /** The time to finish is over. */
  default void endOfGrace() {
    kill(SessionMachine.shutdown());
  }

  /** Done when it is over and its client's channel is closed. */
  CompletableFuture<Void> terminated();
}

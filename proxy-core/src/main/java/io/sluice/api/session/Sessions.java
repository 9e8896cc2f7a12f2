package io.sluice.api.session;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The sessions of the process. Thread-safe. */
public interface Sessions {

  /**
   * Ends a session, with an error to its client.
   *
   * @return false when there is no such session
   */
  boolean kill(long id, Failure failure);

  /** Whose a client's session is; empty when there is no such session. */
  default Optional<SessionOwner> owner(long id) {
    return Optional.empty();
  }

  /**
   * Asks the servers to break off what a session has them do; the session goes on.
   *
   * @return done when the servers were told; nothing to break off is a success. On any thread.
   */
  default CompletionStage<Void> interrupt(long id) {
    return CompletableFuture.failedStage(new UnsupportedOperationException("interrupt"));
  }
}

package io.sluice.api.session;

/** The sessions of the process. Thread-safe. */
public interface Sessions {

  /**
   * Ends a session, with an error to its client.
   *
   * @return false when there is no such session
   */
  boolean kill(long id, Failure failure);
}

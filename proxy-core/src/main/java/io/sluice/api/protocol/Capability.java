package io.sluice.api.protocol;

/** What a router or filter needs of the protocol; what nobody asks for is not done. */
public enum Capability {
  /**
   * The first chunk of a request holds all of it, up to the protocol's limit; larger ones are still
   * streamed and their first chunk says so by {@code isLast() == false}.
   */
  WHOLE_REQUESTS,
  /** Requests carry what the protocol's statement analysis found; implies whole requests. */
  STATEMENTS,
  /**
   * Requests of one session go to several servers, so the protocol agrees with the client on
   * nothing that takes one server to see all of them.
   */
  SEVERAL_SERVERS,
  /**
   * The router itself answers requests that end or interrupt other sessions. For others the
   * protocol does that, and they see no such request.
   */
  SESSION_CONTROL
}

package io.sluice.api.protocol;

/** What a router or filter needs prepared; what nobody asks for is not done. */
public enum Capability {
  /**
   * The first chunk of a request holds all of it, up to the protocol's limit; larger ones are still
   * streamed and their first chunk says so by {@code isLast() == false}.
   */
  WHOLE_REQUESTS,
  /** Requests carry what the protocol's statement analysis found; implies whole requests. */
  STATEMENTS
}

package io.sluice.api.session;

import org.jspecify.annotations.Nullable;

/**
 * What is known so far of the answer to one request. Travels with each chunk of the answer; one
 * object for all chunks, changed by the backend connection between calls, so look at it during the
 * call only. Confined to the session's event loop.
 */
public interface Reply {

  /** The request that is answered. */
  Request request();

  /** Whether the chunk that comes with it is the end of the answer. */
  boolean isComplete();

  /** The error that ended the answer, or null. */
  @Nullable ReplyError error();

  /** How many rows have passed. */
  long rows();

  /** How many bytes have passed, framing included. */
  long bytes();
}

package io.sluice.api.filter;

import io.sluice.api.session.Downstream;
import io.sluice.api.session.Upstream;

/**
 * A filter's part of one session. Confined to the session's event loop.
 *
 * <ol>
 *   <li>Each message and each chunk is forwarded or released, exactly once; a filter may answer by
 *       itself through its upstream and release the request.
 *   <li>The order of requests and of answers is kept.
 *   <li>{@link #close} is called once, last.
 * </ol>
 */
public interface FilterSession extends Downstream, Upstream {

  /** The session ends. */
  default void close() {}
}

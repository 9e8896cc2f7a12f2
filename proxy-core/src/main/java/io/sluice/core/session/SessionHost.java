package io.sluice.core.session;

import io.sluice.api.filter.Filter;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.router.Router;
import java.util.List;

/**
 * What a client session needs of its service. Thread-safe.
 *
 * @param service the name
 * @param protocol of the listener
 * @param router of the service
 * @param filters between client and router, in order
 * @param counters where the session is counted
 */
public record SessionHost(
    String service,
    ClientProtocol protocol,
    Router router,
    List<Filter> filters,
    SessionCounters counters) {

  /** Copies the list. */
  public SessionHost {
    filters = List.copyOf(filters);
  }
}

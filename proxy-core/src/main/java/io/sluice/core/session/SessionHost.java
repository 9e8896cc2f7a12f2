package io.sluice.core.session;

import io.sluice.api.filter.Filter;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.router.Router;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client session needs of its service. Thread-safe.
 *
 * @param service the name
 * @param protocol of the listener
 * @param router of the service
 * @param filters between client and router, in order
 * @param counters where the session is counted
 * @param limits what its clients may do
 * @param listenerSeats how many clients the listener has room for
 * @param serviceSeats how many clients the service has room for
 * @param keepAlive the longest time that a connection to a server goes without a sign of life; zero
 *     for any
 */
public record SessionHost(
    String service,
    ClientProtocol protocol,
    Router router,
    List<Filter> filters,
    SessionCounters counters,
    ClientLimits limits,
    Seats listenerSeats,
    Seats serviceSeats,
    Duration keepAlive) {

  /** Without limits and signs of life. */
  public SessionHost(
      String service,
      ClientProtocol protocol,
      Router router,
      List<Filter> filters,
      SessionCounters counters) {
    this(
        service,
        protocol,
        router,
        filters,
        counters,
        ClientLimits.NONE,
        new Seats(0),
        new Seats(0),
        Duration.ZERO);
  }

  /** The same with limits. */
  public SessionHost limited(ClientLimits wanted, Seats ofService) {
    Seats ofListener = new Seats(wanted.listenerConnections());
    return new SessionHost(
        service, protocol, router, filters, counters, wanted, ofListener, ofService, keepAlive);
  }

  /** The same with signs of life. */
  public SessionHost keptAlive(Duration interval) {
    return new SessionHost(
        service,
        protocol,
        router,
        filters,
        counters,
        limits,
        listenerSeats,
        serviceSeats,
        interval);
  }

  /** Takes a seat for a client; null if there is one, else what is full. */
  @Nullable String seat() {
    if (!serviceSeats.take()) {
      return "connections of service " + service + ": " + serviceSeats.most() + " (expected: less)";
    }
    if (!listenerSeats.take()) {
      serviceSeats.leave();
      return "connections of the listener: " + listenerSeats.most() + " (expected: less)";
    }
    return null;
  }

  /** Gives the seat back. */
  void leave() {
    serviceSeats.leave();
    listenerSeats.leave();
  }

  /** Copies the list. */
  public SessionHost {
    filters = List.copyOf(filters);
  }
}

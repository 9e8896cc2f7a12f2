package io.sluice.api.session;

/** The way towards the servers: the next filter or the router session. */
@FunctionalInterface
public interface Downstream {

  /** Takes a request; ownership goes with the call. */
  void routeQuery(Message message);
}

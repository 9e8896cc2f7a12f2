package io.sluice.api.router;

import static java.util.Objects.requireNonNull;

import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;

/**
 * Where a router works now, when it was told so at run time. Immutable.
 *
 * @param server in place of the servers of the configuration
 * @param credentials in place of the service's user
 */
public record RouterTarget(Server server, Credentials credentials) {

  /** Checks that nothing is missing. */
  public RouterTarget {
    requireNonNull(server, "server");
    requireNonNull(credentials, "credentials");
  }
}

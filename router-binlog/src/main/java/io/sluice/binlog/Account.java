package io.sluice.binlog;

import io.sluice.api.session.SessionContext;
import io.sluice.binlog.sql.Client;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.request.ClientState;

/**
 * Who a session's client is, and what it may do.
 *
 * @param session the session, which is logged in
 */
record Account(SessionContext session) {

  /** What the client and the server agreed upon at the login. */
  ClientState state() {
    return session.identity().clientState() instanceof ClientState known
        ? known
        : ClientState.INTERNAL;
  }

  private boolean has(Privilege privilege) {
    return session.identity().credentials() instanceof ProvenCredentials proven
        && proven.has(privilege);
  }

  /** For the answers to statements. */
  Client client() {
    String version = state().serverVersion();
    return new Client(
        session.id(),
        session.identity().user(),
        session.identity().host(),
        name(),
        version.startsWith("5.5.5-") ? version.substring("5.5.5-".length()) : version,
        state().capabilities().has(Capabilities.SSL),
        this::has);
  }

  private String name() {
    return session.identity().credentials() instanceof ProvenCredentials proven
        ? proven.account().replace("'", "")
        : session.identity().user() + "@%";
  }
}

package io.sluice.mysql.backend;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ClientState;
import org.jspecify.annotations.Nullable;

/**
 * What to agree on with a server so that its answers have the form that was agreed with the client.
 */
final class LoginCapabilities {

  /** Without these there is no login. */
  private static final Capabilities NEEDED =
      Capabilities.of(Capabilities.PROTOCOL_41, Capabilities.SECURE_CONNECTION);

  /** These concern the login alone: ours has its own. */
  private static final Capabilities OWN =
      Capabilities.of(
          Capabilities.SECURE_CONNECTION,
          Capabilities.PLUGIN_AUTH,
          Capabilities.PLUGIN_AUTH_LENENC,
          Capabilities.CONNECT_ATTRS);

  private static final long NEVER =
      Capabilities.SSL
          | Capabilities.COMPRESS
          | Capabilities.ZSTD
          | Capabilities.CONNECT_WITH_DB
          | Capabilities.MULTI_FACTOR;

  private LoginCapabilities() {}

  /** Whether a login is possible at all with a server that has these. */
  static boolean areEnough(Capabilities server) {
    return NEEDED.without(server.bits()).bits() == 0;
  }

  /** Those of a client that a connection to a server takes over for good. */
  static Capabilities kept(Capabilities client) {
    return client.without(NEVER | OWN.bits());
  }

  /** Why it is impossible with a server that has these, or null. */
  static @Nullable Failure check(ClientState wanted, Capabilities server) {
    Capabilities needed = wanted.capabilities().and(Capabilities.SHAPING).or(NEEDED);
    Capabilities missing = needed.without(server.bits());
    if (missing.bits() == 0) {
      return null;
    }
    return Failure.lasting(
        CloseReason.SERVER_LOST,
        "capabilities: the server lacks "
            + missing
            + " (expected: what was agreed with the client)",
        null);
  }

  /** What to ask a server for that has these. */
  static Capabilities agree(ClientState wanted, Capabilities server) {
    Capabilities agreed =
        wanted
            .capabilities()
            .without(NEVER | OWN.bits())
            .and(server)
            .or(OWN.and(server))
            .with(Capabilities.PROTOCOL_41);
    // Bit 0 tells MariaDB that its own bits are not in use; it does not show it itself.
    agreed =
        agreed.hasAny(Capabilities.MARIADB_BITS)
            ? agreed.without(Capabilities.LONG_PASSWORD)
            : agreed.with(Capabilities.LONG_PASSWORD);
    return wanted.database() == null ? agreed : agreed.with(Capabilities.CONNECT_WITH_DB);
  }
}

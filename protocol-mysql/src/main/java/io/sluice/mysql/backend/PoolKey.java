package io.sluice.mysql.backend;

import io.sluice.api.session.Identity;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ClientState;
import org.jspecify.annotations.Nullable;

/**
 * What two sessions must have in common so that one may have the other's connection. The database,
 * the attributes and the proof of the user are not in it: the login on the connection sets them
 * anew. Immutable.
 *
 * @param user who, as the server knows it
 * @param capabilities what the client agreed, which no later login changes
 * @param collation the character set and how it is ordered
 */
record PoolKey(String user, long capabilities, int collation) {

  /** Null for those whose connections are for one session only. */
  static @Nullable PoolKey of(Identity identity) {
    // The first login gives interactive ones a longer time to think, a later one need not.
    if (!(identity.clientState() instanceof ClientState client)
        || client.capabilities().has(Capabilities.INTERACTIVE)) {
      return null;
    }
    String user =
        identity.credentials() instanceof ProvenCredentials proven
            ? proven.serverUser()
            : identity.user();
    return new PoolKey(
        user, LoginCapabilities.kept(client.capabilities()).bits(), client.collation());
  }
}

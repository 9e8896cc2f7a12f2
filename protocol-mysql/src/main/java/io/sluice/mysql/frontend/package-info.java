/**
 * The server role towards clients: greeting, TLS, login, and the flow of requests and answers.
 *
 * <p>{@link io.sluice.mysql.frontend.MySqlClientProtocol} is one listener and holds what its
 * connections share ({@link io.sluice.mysql.frontend.ListenerSettings}, accounts, keys). A {@link
 * io.sluice.mysql.frontend.MySqlClientConnection} is one client; it is first in its {@link
 * io.sluice.mysql.frontend.LoginPhase}, then in its {@link io.sluice.mysql.frontend.CommandPhase}.
 */
@NullMarked
package io.sluice.mysql.frontend;

import org.jspecify.annotations.NullMarked;

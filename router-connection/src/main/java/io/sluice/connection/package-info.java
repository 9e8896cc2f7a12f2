/**
 * One server for each session. {@link io.sluice.connection.ConnectionRouter} holds what the
 * sessions of a service share, {@link io.sluice.connection.ServerChoice} chooses by role and number
 * of connections, {@link io.sluice.connection.ConnectionSession} carries one client: it opens the
 * server at the first request and then hands bytes through as they came.
 *
 * <p>Limits, on purpose: nothing is repeated elsewhere, as nothing is known of what was sent. A
 * session keeps its server, whatever the load becomes.
 */
@NullMarked
package io.sluice.connection;

import org.jspecify.annotations.NullMarked;

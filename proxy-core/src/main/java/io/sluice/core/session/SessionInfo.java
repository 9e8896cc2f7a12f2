package io.sluice.core.session;

import java.time.Instant;

/**
 * A snapshot of a session for administrators. Immutable.
 *
 * @param id its number
 * @param internal whether it has no socket: a module opened it
 * @param service the service, or the purpose of an internal one
 * @param user who logged in; empty before
 * @param host the client's address; empty for internal ones
 * @param state what it is doing, in one word
 * @param connectedAt when it began
 * @param lastActivity when the last request or chunk of an answer passed
 * @param requests how many requests came from the client
 */
public record SessionInfo(
    long id,
    boolean internal,
    String service,
    String user,
    String host,
    String state,
    Instant connectedAt,
    Instant lastActivity,
    long requests) {}

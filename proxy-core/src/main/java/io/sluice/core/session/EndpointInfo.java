package io.sluice.core.session;

/**
 * A snapshot of a session's server connection for administrators. Immutable.
 *
 * @param server the name of the server
 * @param state connecting, login, ready or closed
 * @param pending requests that are not completely answered
 * @param queuedBytes bytes that wait for the login
 */
public record EndpointInfo(String server, String state, int pending, long queuedBytes) {}

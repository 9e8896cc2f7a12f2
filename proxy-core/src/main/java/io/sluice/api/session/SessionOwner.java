package io.sluice.api.session;

/**
 * Whose a client's session is. Immutable.
 *
 * @param service the name of the service
 * @param user who logged in; empty before
 */
public record SessionOwner(String service, String user) {}

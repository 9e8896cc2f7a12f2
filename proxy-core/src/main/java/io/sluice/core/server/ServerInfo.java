package io.sluice.core.server;

import io.sluice.api.server.ServerState;

/**
 * A snapshot of a server for administrators. Immutable.
 *
 * @param name its name in the configuration
 * @param host host name or address
 * @param port TCP port
 * @param protocol the protocol it speaks
 * @param state the latest state
 * @param connections open now, those in the pool included
 * @param totalConnections made since the start
 * @param failures connections that could not be made or broke since the start
 * @param pool connections that are kept for the next sessions
 */
public record ServerInfo(
    String name,
    String host,
    int port,
    String protocol,
    ServerState state,
    long connections,
    long totalConnections,
    long failures,
    PoolInfo pool) {}

package io.sluice.core.config;

import io.sluice.api.config.Settings;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.server.PoolLimits;

/**
 * A server.
 *
 * @param name its name
 * @param address host name or address
 * @param port TCP port
 * @param proxyProtocol the header that connections to it begin with
 * @param protocol a loaded protocol module
 * @param maxConnections how many of clients' sessions it may have; 0 for as many as come
 * @param pool how many idle connections are kept, and for how long
 * @param options the protocol's settings for a server
 * @param source where it stands
 */
public record ServerConfig(
    String name,
    String address,
    int port,
    ProxyProtocol proxyProtocol,
    String protocol,
    int maxConnections,
    PoolLimits pool,
    Settings options,
    Source source) {}

package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.core.net.ProxyNetworks;

/**
 * A listener as the configuration has it. Immutable.
 *
 * @param name unique within its service
 * @param address host name or address
 * @param port TCP port, 0 for any free one
 * @param protocol its module
 * @param options the module's settings
 * @param proxyNetworks whose hosts may forward connections with a PROXY header
 */
public record ListenerSpec(
    String name,
    String address,
    int port,
    ProtocolFactory protocol,
    Settings options,
    ProxyNetworks proxyNetworks) {

  /** Where nobody may forward connections. */
  public ListenerSpec(
      String name, String address, int port, ProtocolFactory protocol, Settings options) {
    this(name, address, port, protocol, options, ProxyNetworks.NONE);
  }
}

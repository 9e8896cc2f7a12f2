package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.session.ClientLimits;

/**
 * A listener as the configuration has it. Immutable.
 *
 * @param name unique within its service
 * @param address host name or address
 * @param port TCP port, 0 for any free one
 * @param protocol its module
 * @param options the module's settings
 * @param proxyNetworks whose hosts may forward connections with a PROXY header
 * @param limits what its clients may do
 */
public record ListenerSpec(
    String name,
    String address,
    int port,
    ProtocolFactory protocol,
    Settings options,
    ProxyNetworks proxyNetworks,
    ClientLimits limits) {

  /** Where nobody may forward connections and nothing is limited. */
  public ListenerSpec(
      String name, String address, int port, ProtocolFactory protocol, Settings options) {
    this(name, address, port, protocol, options, ProxyNetworks.NONE, ClientLimits.NONE);
  }
}

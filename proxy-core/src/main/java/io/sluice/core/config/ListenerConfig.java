package io.sluice.core.config;

import io.sluice.api.config.Settings;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.session.ClientLimits;

/**
 * A place where clients of a service connect.
 *
 * @param service the name of the service
 * @param name its name, unique within the service
 * @param address the address to bind
 * @param port TCP port; 0 takes any free one
 * @param proxyNetworks whose hosts may forward connections
 * @param protocol a loaded protocol module
 * @param limits what its clients may do
 * @param options the protocol's settings for a listener
 * @param source where it stands
 */
public record ListenerConfig(
    String service,
    String name,
    String address,
    int port,
    ProxyNetworks proxyNetworks,
    String protocol,
    ClientLimits limits,
    Settings options,
    Source source) {

  /** Unique in the process: names its data directory and what administrators see. */
  public String id() {
    return service + "-" + name;
  }
}

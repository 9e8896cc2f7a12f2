package io.sluice.core.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A checked configuration: each name that is referred to exists. Immutable; lists are in the order
 * of the file.
 *
 * @param file where it came from
 * @param dataDirectory absolute
 * @param threads how many event loops
 * @param timeouts the limits in time
 * @param admin the administration interface
 * @param servers the servers
 * @param monitors who watches them
 * @param filters what can stand in a service's chain
 * @param services what clients connect to
 */
public record ProxyConfig(
    Path file,
    Path dataDirectory,
    int threads,
    Timeouts timeouts,
    AdminConfig admin,
    List<ServerConfig> servers,
    List<MonitorConfig> monitors,
    List<FilterConfig> filters,
    List<ServiceConfig> services) {

  /** Copies the lists. */
  public ProxyConfig {
    servers = List.copyOf(servers);
    monitors = List.copyOf(monitors);
    filters = List.copyOf(filters);
    services = List.copyOf(services);
  }
}

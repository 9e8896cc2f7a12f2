package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as the configuration has it. Immutable.
 *
 * @param name unique
 * @param router its module
 * @param options the module's settings
 * @param servers in order; those of its monitor if it names one
 * @param monitored whether a monitor watches all of them
 * @param credentials the service's own user; null when there is none
 * @param filters between client and router, in order
 * @param listeners where clients come in
 * @param keepAlive the longest time that a connection of a session to a server goes without a sign
 *     of life; zero for any
 */
public record ServiceSpec(
    String name,
    RouterFactory router,
    Settings options,
    List<? extends Server> servers,
    boolean monitored,
    @Nullable Credentials credentials,
    List<FilterRuntime> filters,
    List<ListenerSpec> listeners,
    Duration keepAlive) {

  /** Without signs of life. */
  public ServiceSpec(
      String name,
      RouterFactory router,
      Settings options,
      List<? extends Server> servers,
      boolean monitored,
      @Nullable Credentials credentials,
      List<FilterRuntime> filters,
      List<ListenerSpec> listeners) {
    this(name, router, options, servers, monitored, credentials, filters, listeners, Duration.ZERO);
  }

  /** Copies the lists. */
  public ServiceSpec {
    servers = List.copyOf(servers);
    filters = List.copyOf(filters);
    listeners = List.copyOf(listeners);
  }
}

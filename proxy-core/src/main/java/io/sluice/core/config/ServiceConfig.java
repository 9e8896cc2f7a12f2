package io.sluice.core.config;

import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service.
 *
 * @param name its name
 * @param router a loaded router module
 * @param backends the servers behind it
 * @param filters the names of its filters, from the client to the router
 * @param credentials the service's own user; null when the configuration gives none
 * @param keepAlive how long a connection to a server may go without a sign of life; zero for ever
 * @param options the router's settings
 * @param listeners where its clients connect
 * @param source where it stands
 */
public record ServiceConfig(
    String name,
    String router,
    Backends backends,
    List<String> filters,
    @Nullable PasswordCredentials credentials,
    Duration keepAlive,
    Settings options,
    List<ListenerConfig> listeners,
    Source source) {

  /**
   * The servers behind a service.
   *
   * @param servers their names; those of the monitor if one is named
   * @param monitor the monitor that the service names; null when it lists servers itself
   * @param isMonitored whether every server is watched by some monitor
   */
  public record Backends(List<String> servers, @Nullable String monitor, boolean isMonitored) {

    /** Copies the list. */
    public Backends {
      servers = List.copyOf(servers);
    }
  }

  /** Copies the lists. */
  public ServiceConfig {
    filters = List.copyOf(filters);
    listeners = List.copyOf(listeners);
  }

  /** The names of its servers; those of its monitor if it names one. */
  public List<String> servers() {
    return backends.servers();
  }

  /** The monitor that it names, or null. */
  public @Nullable String monitor() {
    return backends.monitor();
  }

  /** Whether every server of it is watched by some monitor. */
  public boolean isMonitored() {
    return backends.isMonitored();
  }
}

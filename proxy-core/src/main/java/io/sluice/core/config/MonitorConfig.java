package io.sluice.core.config;

import io.sluice.api.config.Settings;
import io.sluice.api.session.PasswordCredentials;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A monitor.
 *
 * @param name its name
 * @param module a loaded monitor module
 * @param servers the names of the servers that it watches
 * @param credentials how it logs in; null when the configuration gives no user
 * @param interval from one round of probes to the next
 * @param options the module's settings
 * @param source where it stands
 */
public record MonitorConfig(
    String name,
    String module,
    List<String> servers,
    @Nullable PasswordCredentials credentials,
    Duration interval,
    Settings options,
    Source source) {

  /** Copies the list. */
  public MonitorConfig {
    servers = List.copyOf(servers);
  }
}

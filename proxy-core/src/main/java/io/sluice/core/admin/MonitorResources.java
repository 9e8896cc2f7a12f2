package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.server.Server;
import io.sluice.core.monitor.MonitorRuntime;
import io.sluice.core.service.Engine;
import java.util.List;
import java.util.Optional;

/** The monitors of the configuration. */
final class MonitorResources implements Resources {

  private final Engine engine;

  MonitorResources(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String type() {
    return "monitors";
  }

  @Override
  public List<Resource> list() {
    return engine.monitors().stream()
        .map(monitor -> brief(monitor).resource(monitor.name()))
        .toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return monitor(id)
        .map(
            monitor ->
                brief(monitor)
                    .diagnostics(() -> monitor.monitor().diagnostics())
                    .commands(monitor.monitor().commands())
                    .resource(monitor.name()));
  }

  @Override
  public List<ModuleCommand> commands(String id) {
    return monitor(id).map(monitor -> monitor.monitor().commands()).orElse(List.of());
  }

  private Optional<MonitorRuntime> monitor(String id) {
    return engine.monitors().stream().filter(monitor -> monitor.name().equals(id)).findFirst();
  }

  private static Attributes brief(MonitorRuntime monitor) {
    return new Attributes()
        .put("module", monitor.module())
        .put("state", monitor.state())
        .put("servers", monitor.servers().stream().map(Server::name).toList())
        .put("interval_ms", monitor.interval().toMillis());
  }
}

package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.core.service.Engine;
import io.sluice.core.service.FilterRuntime;
import io.sluice.core.service.Service;
import java.util.List;
import java.util.Optional;

/** The filters of the configuration. */
final class FilterResources implements Resources {

  private final Engine engine;

  FilterResources(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String type() {
    return "filters";
  }

  @Override
  public List<Resource> list() {
    return engine.filters().stream().map(filter -> brief(filter).resource(filter.name())).toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return filter(id)
        .map(
            filter ->
                brief(filter)
                    .diagnostics(() -> filter.filter().diagnostics())
                    .commands(filter.filter().commands())
                    .resource(filter.name()));
  }

  @Override
  public List<ModuleCommand> commands(String id) {
    return filter(id).map(filter -> filter.filter().commands()).orElse(List.of());
  }

  private Optional<FilterRuntime> filter(String id) {
    return engine.filters().stream().filter(filter -> filter.name().equals(id)).findFirst();
  }

  private Attributes brief(FilterRuntime filter) {
    return new Attributes()
        .put("module", filter.module())
        .put(
            "services",
            engine.services().stream()
                .filter(service -> service.filters().contains(filter))
                .map(Service::name)
                .toList());
  }
}

package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.server.Server;
import io.sluice.core.service.Engine;
import io.sluice.core.service.FilterRuntime;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceListener;
import java.util.List;
import java.util.Optional;

/** The services of the configuration, with what their routers tell. */
final class ServiceResources implements Resources {

  private final Engine engine;

  ServiceResources(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String type() {
    return "services";
  }

  @Override
  public List<Resource> list() {
    return engine.services().stream()
        .map(service -> brief(service).resource(service.name()))
        .toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return service(id).map(ServiceResources::whole);
  }

  @Override
  public List<ModuleCommand> commands(String id) {
    return service(id).map(service -> service.routerInstance().commands()).orElse(List.of());
  }

  private Optional<Service> service(String id) {
    return engine.services().stream().filter(service -> service.name().equals(id)).findFirst();
  }

  private static Resource whole(Service service) {
    return brief(service)
        .put("failures", service.failures())
        .put("started_at", service.startedAt().orElse(null))
        .put("user", service.credentials().map(credentials -> credentials.user()).orElse(""))
        .diagnostics(() -> service.routerInstance().diagnostics())
        .commands(service.routerInstance().commands())
        .resource(service.name());
  }

  private static Attributes brief(Service service) {
    return new Attributes()
        .put("router", service.router())
        .put("state", service.state())
        .put("servers", service.servers().stream().map(Server::name).toList())
        .put("filters", service.filters().stream().map(FilterRuntime::name).toList())
        .put("listeners", service.listeners().stream().map(ServiceResources::place).toList())
        .put("sessions", service.currentSessions())
        .put("total_sessions", service.totalSessions())
        .put("requests", service.requests());
  }

  private static String place(ServiceListener listener) {
    return listener.info().address() + ":" + listener.info().port();
  }
}

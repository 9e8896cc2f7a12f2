package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.core.service.Engine;
import io.sluice.core.service.ListenerInfo;
import io.sluice.core.service.ServiceListener;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The listeners of all services; the id is service and name with a dash between. */
final class ListenerResources implements Resources {

  private final Engine engine;

  ListenerResources(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String type() {
    return "listeners";
  }

  @Override
  public List<Resource> list() {
    return listeners().map(listener -> brief(listener.info()).resource(id(listener))).toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return listener(id)
        .map(
            listener ->
                brief(listener.info())
                    .put("message", listener.info().message())
                    .diagnostics(() -> listener.clientProtocol().diagnostics())
                    .commands(listener.clientProtocol().commands())
                    .resource(id(listener)));
  }

  @Override
  public List<ModuleCommand> commands(String id) {
    return listener(id).map(found -> found.clientProtocol().commands()).orElse(List.of());
  }

  private Optional<ServiceListener> listener(String id) {
    return listeners().filter(listener -> id(listener).equals(id)).findFirst();
  }

  private Stream<ServiceListener> listeners() {
    return engine.services().stream().flatMap(service -> service.listeners().stream());
  }

  private static String id(ServiceListener listener) {
    return listener.service() + "-" + listener.name();
  }

  private static Attributes brief(ListenerInfo info) {
    return new Attributes()
        .put("service", info.service())
        .put("protocol", info.protocol())
        .put("address", info.address())
        .put("port", info.port())
        .put("state", info.state())
        .put("connections", info.open())
        .put("accepted", info.accepted());
  }
}

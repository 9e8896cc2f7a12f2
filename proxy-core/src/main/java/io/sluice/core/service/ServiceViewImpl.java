package io.sluice.core.service;

import io.sluice.api.context.ServiceView;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import java.util.List;
import java.util.Optional;

/** What a service's modules see of it. Immutable. */
final class ServiceViewImpl implements ServiceView {

  private final ServiceSpec spec;

  ServiceViewImpl(ServiceSpec spec) {
    this.spec = spec;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String router() {
    return spec.router().info().name();
  }

  @Override
  public List<Server> servers() {
    return List.copyOf(spec.servers());
  }

  @Override
  public boolean isMonitored() {
    return spec.monitored();
  }

  @Override
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(spec.credentials());
  }
}

package io.sluice.core.service;

import io.sluice.api.context.ServiceView;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterTarget;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import java.util.List;
import java.util.Optional;

/** A service as its router has it now. Thread-safe. */
final class LiveServiceView implements ServiceView {

  private final ServiceView configured;
  private final Router router;

  LiveServiceView(ServiceView configured, Router router) {
    this.configured = configured;
    this.router = router;
  }

  @Override
  public String name() {
    return configured.name();
  }

  @Override
  public String router() {
    return configured.router();
  }

  @Override
  public List<Server> servers() {
    return router.target().map(target -> List.of(target.server())).orElseGet(configured::servers);
  }

  @Override
  public boolean isMonitored() {
    return router.target().isEmpty() && configured.isMonitored();
  }

  @Override
  public Optional<Credentials> credentials() {
    return router.target().map(RouterTarget::credentials).or(configured::credentials);
  }
}

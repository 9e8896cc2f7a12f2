package io.sluice.core.admin;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.core.service.Engine;
import io.sluice.core.session.EndpointInfo;
import io.sluice.core.session.SessionDetails;
import io.sluice.core.session.SessionInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The sessions of the process, also those without a client. */
final class SessionResources implements Resources {

  private static final long DETAILS_TIMEOUT_MILLIS = 2000;

  private final Engine engine;
  private final Clock clock;

  SessionResources(Engine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "sessions";
  }

  @Override
  public List<Resource> list() {
    return engine.sessions().list().stream()
        .map(session -> brief(session).resource(String.valueOf(session.id())))
        .toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return number(id)
        .flatMap(
            number ->
                engine
                    .sessions()
                    .find(number)
                    .map(
                        session ->
                            details(number)
                                .map(this::whole)
                                // Its loop is busy, or it ends right now: what is known has to do.
                                .orElseGet(() -> brief(session))
                                .resource(id)));
  }

  @Override
  public boolean delete(String id) {
    return number(id)
        .map(
            number ->
                engine
                    .sessions()
                    .kill(
                        number,
                        Failure.lasting(CloseReason.KILLED, "killed by an administrator", null)))
        .orElse(false);
  }

  private Optional<SessionDetails> details(long id) {
    try {
      return engine.sessions().details(id).get(DETAILS_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String id) {
    try {
      return Optional.of(Long.parseLong(id));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Attributes whole(SessionDetails details) {
    return brief(details.info())
        .put("connection", details.connection())
        .put("pending", details.pending())
        .put("connected_at", details.info().connectedAt())
        .put("endpoints", details.endpoints().stream().map(SessionResources::endpoint).toList())
        .diagnostics(details::router);
  }

  private static Map<String, Object> endpoint(EndpointInfo endpoint) {
    return new Attributes()
        .put("server", endpoint.server())
        .put("state", endpoint.state())
        .put("pending", endpoint.pending())
        .put("queued_bytes", endpoint.queuedBytes())
        .values();
  }

  private Attributes brief(SessionInfo session) {
    Duration idle = Duration.between(session.lastActivity(), clock.instant());
    return new Attributes()
        .put("service", session.service())
        .put("internal", session.internal())
        .put("user", session.user())
        .put("host", session.host())
        .put("state", session.state())
        .put("requests", session.requests())
        .put("idle_seconds", Math.max(0, idle.toSeconds()));
  }
}

package io.sluice.readwrite;

import io.sluice.api.context.ServiceView;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.session.SessionContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What all sessions of one read-write split service share. Thread-safe. */
final class ReadWriteRouter implements Router {

  private final ServiceView service;
  private final ReadWriteSettings settings;
  private final RouterCounters counters = new RouterCounters();
  private final Map<Server, ServerLoad> loads = new ConcurrentHashMap<>();
  private final TargetSelector selector;

  ReadWriteRouter(ServiceView service, ReadWriteSettings settings) {
    this.service = service;
    this.settings = settings;
    this.selector = new TargetSelector(service::servers, this::load, settings);
  }

  ReadWriteSettings settings() {
    return settings;
  }

  RouterCounters counters() {
    return counters;
  }

  TargetSelector selector() {
    return selector;
  }

  ServerLoad load(Server server) {
    return loads.computeIfAbsent(server, key -> new ServerLoad());
  }

  @Override
  public RouterSession newSession(SessionContext session) {
    return new ReadWriteSession(this, session);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.STATEMENTS, Capability.SEVERAL_SERVERS);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = new LinkedHashMap<>();
    Server writer = selector.writer();
    all.put("master", writer == null ? "" : writer.name());
    all.put("reads", counters.reads());
    all.put("writes", counters.writes());
    all.put("session_commands", counters.sessionCommands());
    all.put("retries", counters.retries());
    all.put("refused", counters.refusals());
    all.put("without_master", counters.withoutMasters());
    all.put("different_outcomes", counters.differences());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Server server : service.servers()) {
      rows.add(row(server));
    }
    all.put("servers", rows);
    return all;
  }

  private Map<String, Object> row(Server server) {
    ServerLoad load = load(server);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("server", server.name());
    row.put("role", role(server));
    row.put("connections", load.connections());
    row.put("operations", load.operations());
    row.put("reads", load.reads());
    row.put("writes", load.writes());
    row.put("failures", load.failures());
    return row;
  }

  private static String role(Server server) {
    if (server.state().is(ServerRole.WRITER)) {
      return "master";
    }
    return server.state().is(ServerRole.READER) ? "replica" : "";
  }

  @Override
  public void close() {
    // Sessions hold everything that needs closing.
  }
}

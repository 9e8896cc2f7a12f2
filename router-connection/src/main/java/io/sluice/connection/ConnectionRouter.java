package io.sluice.connection;

import io.sluice.api.context.ServiceView;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.session.SessionContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What all sessions of one service share. Thread-safe. */
final class ConnectionRouter implements Router {

  private final ServiceView service;
  private final ConnectionSettings settings;
  private final ServerChoice choice;
  private final Map<Server, ServerLoad> loads = new ConcurrentHashMap<>();
  private final LongAdder withoutServer = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder misfits = new LongAdder();

  ConnectionRouter(ServiceView service, ConnectionSettings settings) {
    this.service = service;
    this.settings = settings;
    this.choice =
        new ServerChoice(service::servers, server -> load(server).connections(), settings);
  }

  ServerChoice choice() {
    return choice;
  }

  ServerLoad load(Server server) {
    return loads.computeIfAbsent(server, key -> new ServerLoad());
  }

  /** What the service is for, in words. */
  String wanted() {
    return settings.target().name().toLowerCase(Locale.ROOT);
  }

  /** A session found no server. */
  void withoutServer() {
    withoutServer.increment();
  }

  /** A session tries another server. */
  void retry() {
    retries.increment();
  }

  /** A session ends because its server is no longer what the service is for. */
  void misfit() {
    misfits.increment();
  }

  @Override
  public RouterSession newSession(SessionContext session) {
    return new ConnectionSession(this, session);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("target", wanted());
    all.put("without_server", withoutServer.sum());
    all.put("retries", retries.sum());
    all.put("server_changed_role", misfits.sum());
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
    row.put("sessions", load.sessions());
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

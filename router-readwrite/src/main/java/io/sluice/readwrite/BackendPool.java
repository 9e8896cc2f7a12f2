package io.sluice.readwrite;

import io.sluice.api.server.Server;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.SessionContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The servers that one session has open. A connection that is opened is brought to the session's
 * state by the history first. Confined to the session's event loop.
 */
final class BackendPool {

  private final ReadWriteRouter router;
  private final SessionContext session;
  private final SessionHistory history;
  private final Map<Server, Backend> open = new LinkedHashMap<>();
  private final Set<Server> banned = new HashSet<>();
  private @Nullable Backend master;

  BackendPool(ReadWriteRouter router, SessionContext session, SessionHistory history) {
    this.router = router;
    this.session = session;
    this.history = history;
  }

  /** The connection with the master, open or null. */
  @Nullable Backend master() {
    return master;
  }

  boolean isMaster(Backend backend) {
    return backend == master;
  }

  /** Opens the master. */
  Backend openMaster(Server writer) {
    Backend asReplica = open.get(writer);
    if (asReplica != null) {
      close(asReplica); // it was not told what only the master has to know
    }
    Backend opened = open(writer, true);
    master = opened;
    return opened;
  }

  /**
   * A connection for a read, open or opened now.
   *
   * @param without servers that must not be used
   * @return null when there is none but perhaps the master
   */
  @Nullable Backend reader(Set<Server> without) {
    Server server = router.selector().reader(candidate -> isUsable(candidate, without));
    if (server == null) {
      return null;
    }
    Backend backend = open.get(server);
    return backend != null ? backend : open(server, false);
  }

  private boolean isUsable(Server server, Set<Server> without) {
    if (without.contains(server) || banned.contains(server)) {
      return false;
    }
    if (open.containsKey(server)) {
      return true;
    }
    boolean writer = server.equals(router.selector().writer());
    // The master's own connection is opened by openMaster(), which knows what it takes.
    return !writer
        && history.isComplete()
        && replicas() < router.settings().maxReplicaConnections();
  }

  private int replicas() {
    return open.size() - (master == null ? 0 : 1);
  }

  private Backend open(Server server, boolean asMaster) {
    Endpoint endpoint = session.connect(server);
    Backend backend = new Backend(endpoint, router.load(server));
    open.put(server, backend);
    history.replay(backend, asMaster);
    return backend;
  }

  /** Never opens this server again for the session. */
  void ban(Server server) {
    banned.add(server);
  }

  @Nullable Backend find(Endpoint endpoint) {
    Backend backend = open.get(endpoint.server());
    return backend != null && backend.endpoint() == endpoint ? backend : null;
  }

  boolean isOpen(Backend backend) {
    return open.get(backend.server()) == backend;
  }

  Collection<Backend> all() {
    return List.copyOf(open.values());
  }

  List<Backend> others(Backend leader) {
    List<Backend> others = new ArrayList<>(open.values());
    others.remove(leader);
    return others;
  }

  /** Closes a connection. */
  void close(Backend backend) {
    remove(backend);
    backend.close();
  }

  /** Forgets a connection that broke. */
  void remove(Backend backend) {
    open.remove(backend.server(), backend);
    if (master == backend) {
      master = null;
    }
    backend.discard();
  }

  /** Forgets all, when the session ends; the engine closes them. */
  void discardAll() {
    for (Backend backend : all()) {
      remove(backend);
    }
  }
}

package io.sluice.connection;

import io.netty.buffer.ByteBuf;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client and its one server. Confined to the session's event loop.
 *
 * <pre>
 *   idle ──first request──▶ opening ──logged in──▶ open ──lost, or has another role──▶ over
 *                            │   ▲                                                      ▲
 *                            └───┘ failed, another server is there   ──none is there───┘
 * </pre>
 */
final class ConnectionSession implements RouterSession {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionSession.class);

  private final ConnectionRouter router;
  private final SessionContext session;

  /** What came before there was a server; the client is not read meanwhile, so it is not much. */
  private final Queue<Message> waiting = new ArrayDeque<>(2);

  private final Set<Server> tried = new HashSet<>();
  private @Nullable Endpoint endpoint;
  private boolean ready;
  private boolean over;

  ConnectionSession(ConnectionRouter router, SessionContext session) {
    this.router = router;
    this.session = session;
  }

  @Override
  public void routeQuery(Message message) {
    Endpoint open = endpoint;
    if (over) {
      message.release();
    } else if (open == null) {
      waiting.add(message);
      session.setClientReading(false);
      open(null);
    } else if (!ready) {
      waiting.add(message);
    } else if (message.isFirst() && !router.choice().stillFits(open.server())) {
      message.release();
      misfit(open.server());
    } else {
      open.routeQuery(message);
    }
  }

  /** Opens the server that is best now; without one the session ends with the last failure. */
  private void open(@Nullable Failure before) {
    Server server = router.choice().choose(candidate -> !tried.contains(candidate));
    if (server == null) {
      router.withoutServer();
      end(before == null ? nothing() : before);
      return;
    }
    if (before != null) {
      router.retry();
    }
    tried.add(server);
    router.load(server).opened();
    endpoint = session.connect(server);
  }

  private Failure nothing() {
    return Failure.passing(
        CloseReason.SERVER_LOST,
        "service "
            + session.service()
            + " has no server now that can be used (target = "
            + router.wanted()
            + ")",
        null);
  }

  private void misfit(Server server) {
    router.misfit();
    end(
        Failure.passing(
            CloseReason.SERVER_LOST,
            "server "
                + server.name()
                + " is no longer what service "
                + session.service()
                + " is for (target = "
                + router.wanted()
                + "); connect again",
            null));
  }

  private void end(Failure failure) {
    over = true;
    releaseAll();
    session.fail(failure);
  }

  @Override
  public void endpointReady(Endpoint opened) {
    if (over || opened != endpoint) {
      return;
    }
    ready = true;
    router.load(opened.server()).loggedIn();
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      opened.routeQuery(next);
    }
    session.setClientReading(true);
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
    session.upstream().clientReply(chunk, reply);
  }

  @Override
  public void handleError(Endpoint from, Failure failure) {
    if (over || from != endpoint) {
      return;
    }
    endpoint = null;
    ServerLoad load = router.load(from.server());
    load.failed();
    load.closed();
    if (ready || failure.kind() == Failure.Kind.PERMANENT) {
      end(failure);
      return;
    }
    LOGGER
        .atDebug()
        .addKeyValue("session", session.id())
        .addKeyValue("service", session.service())
        .addKeyValue("server", from.server().name())
        .addKeyValue("error", failure.message())
        .log("server cannot be used; looking for another one");
    open(failure);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Endpoint open = endpoint;
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("server", open == null ? "" : open.server().name());
    all.put("servers_tried", tried.size());
    return all;
  }

  @Override
  public void close() {
    over = true;
    releaseAll();
    Endpoint open = endpoint;
    if (open != null) {
      endpoint = null;
      router.load(open.server()).closed();
    }
  }

  private void releaseAll() {
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      next.release();
    }
  }
}

package io.sluice.readwrite;

import io.sluice.api.server.Server;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One server opened for one session, and what is under way there. */
final class Backend {

  private static final long NOT_KNOWN = -1;

  private final Endpoint endpoint;
  private final ServerLoad load;
  private final Deque<Exchange> underWay = new ArrayDeque<>();
  private final Map<Long, Remote> statements = new HashMap<>();
  private boolean ready;
  private boolean discarded;

  /** A statement as this server knows it. */
  private static final class Remote {
    private long id = NOT_KNOWN;
    private int typesVersion;
  }

  Backend(Endpoint endpoint, ServerLoad load) {
    this.endpoint = endpoint;
    this.load = load;
    load.opened();
  }

  Server server() {
    return endpoint.server();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Whether its login was done. */
  boolean isReady() {
    return ready;
  }

  void ready() {
    ready = true;
  }

  /** Sends a request; an answer will end the exchange. */
  void send(Message message, Exchange exchange) {
    if (exchange.request().expectsReply()) {
      underWay.add(exchange);
      load.began();
    }
    endpoint.routeQuery(message);
  }

  /** Sends a request that is not answered, or a further chunk of one. */
  void pass(Message message) {
    endpoint.routeQuery(message);
  }

  /** The exchange that is being answered. */
  @Nullable Exchange oldest() {
    return underWay.peek();
  }

  /** The oldest exchange has its answer. */
  void answered() {
    underWay.poll();
    load.ended();
  }

  boolean isBusy() {
    return !underWay.isEmpty();
  }

  /** A statement is being prepared here. */
  void preparing(long statement) {
    statements.put(statement, new Remote());
  }

  /** A statement was prepared here. */
  void prepared(long statement, long id) {
    Remote remote = statements.get(statement);
    if (remote != null) {
      remote.id = id;
    }
  }

  /** Whether a statement was or is being prepared here. */
  boolean has(long statement) {
    return statements.containsKey(statement);
  }

  /** Whether the number that the server gave to a statement is known. */
  boolean knows(long statement) {
    Remote remote = statements.get(statement);
    return remote != null && remote.id != NOT_KNOWN;
  }

  /** The server's number of a statement that it {@link #knows}. */
  long id(long statement) {
    Remote remote = statements.get(statement);
    return remote == null ? NOT_KNOWN : remote.id;
  }

  /** Which version of a statement's parameter types was sent here. */
  int typesVersion(long statement) {
    Remote remote = statements.get(statement);
    return remote == null ? 0 : remote.typesVersion;
  }

  void typesSent(long statement, int version) {
    Remote remote = statements.get(statement);
    if (remote != null) {
      remote.typesVersion = version;
    }
  }

  void forget(long statement) {
    statements.remove(statement);
  }

  void forgetAll() {
    statements.clear();
  }

  /** Closes it and gives back what it holds; more than once is fine. */
  void close() {
    endpoint.close();
    discard();
  }

  /** Gives back what it holds, after the endpoint closed by itself. */
  void discard() {
    for (Exchange exchange : underWay) {
      load.ended();
      if (!exchange.isForClient()) {
        exchange.release();
      }
    }
    underWay.clear();
    if (!discarded) {
      discarded = true;
      load.closed();
    }
  }
}

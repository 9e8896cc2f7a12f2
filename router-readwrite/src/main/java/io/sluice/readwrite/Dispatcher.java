package io.sluice.readwrite;

import io.netty.buffer.ByteBufUtil;
import io.sluice.api.server.Server;
import io.sluice.api.session.Message;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementFlag;
import io.sluice.mysql.sql.StatementKind;
import io.sluice.readwrite.RoutingDecision.Reason;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the requests of one client where the rules say. Knows the one request that is under way.
 * Confined to the session's event loop.
 */
final class Dispatcher {

  private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);

  private final ReadWriteRouter router;
  private final SessionContext session;
  private final SessionState state;
  private final SessionHistory history;
  private final BackendPool pool;
  private final PreparedStatements statements;
  private final Endings endings;

  /** The request whose answer the client waits for, and where it went. */
  private @Nullable Exchange current;

  private @Nullable Backend currentBackend;

  /** A request that waits until its server has prepared the statement. */
  private @Nullable Message parked;

  private @Nullable Exchange parkedExchange;
  private @Nullable Backend parkedBackend;

  /** Where further chunks of the request go that came last; null for nowhere. */
  private @Nullable Backend stream;

  private @Nullable Backend lastAnswered;

  Dispatcher(
      ReadWriteRouter router,
      SessionContext session,
      SessionState state,
      SessionHistory history,
      BackendPool pool,
      PreparedStatements statements,
      Endings endings) {
    this.router = router;
    this.session = session;
    this.state = state;
    this.history = history;
    this.pool = pool;
    this.statements = statements;
    this.endings = endings;
  }

  /** Whether the next request has to wait. */
  boolean isBusy() {
    return current != null || parked != null;
  }

  /** Takes the first chunk of a request. */
  void route(Message message) {
    if (!(message.request() instanceof MySqlRequest request)) {
      message.release();
      throw new IllegalArgumentException(
          "request: " + message.request().name() + " (expected: of the MySQL protocol)");
    }
    stream = null;
    if (request.command() == Command.STMT_CLOSE) {
      statements.close(message, request);
      return;
    }
    Prepared prepared = statements.find(request);
    RoutingDecision decision = RoutingRules.decide(request, message.isLast(), state, prepared);
    LOGGER
        .atTrace()
        .addKeyValue("session", session.id())
        .addKeyValue("request", request.name())
        .addKeyValue("decision", decision)
        .log("routed");
    switch (decision.target()) {
      case MASTER -> toMaster(message, request, prepared);
      case REPLICA -> {
        router.counters().read();
        toReader(message, Exchange.forClient(request, null, prepared));
      }
      case ALL -> {
        router.counters().sessionCommand();
        if (request.command() == Command.STMT_RESET && prepared != null) {
          resetStatement(message, request, prepared);
        } else {
          toAll(message, request);
        }
      }
      case PREVIOUS -> {
        Backend previous = lastAnswered;
        if (previous == null || !pool.isOpen(previous)) {
          toMaster(message, request, prepared);
        } else {
          send(previous, message, Exchange.forClient(request, null, prepared));
        }
      }
      case CURSOR -> toCursor(message, request, prepared);
      case REFUSE -> endings.refuse(message, request, decision.reason());
    }
  }

  /** Takes a further chunk. */
  void continueWith(Message message) {
    Backend target = stream;
    if (target == null) {
      message.release();
    } else {
      target.pass(message);
    }
  }

  private void toMaster(Message message, MySqlRequest request, @Nullable Prepared known) {
    router.counters().write();
    Backend target = master();
    if (endings.isOver()) {
      message.release();
      return;
    }
    if (target == null) {
      endings.withoutMaster(message, request);
      return;
    }
    noteRouted(message, request, known);
    Prepared prepared = known;
    if (request.command() == Command.STMT_PREPARE) {
      prepared = statements.create(message, request, false);
      target.preparing(prepared.id());
    } else if (request.command() == Command.STMT_SEND_LONG_DATA && known != null) {
      known.longData(true);
    }
    router.load(target.server()).write();
    Exchange exchange = Exchange.forClient(request, null, prepared);
    if (isForMasterHistory(request)) {
      exchange.packet(ByteBufUtil.getBytes(message.content()));
    }
    if (state.isPinned()) {
      pool.others(target).forEach(pool::close);
    }
    send(target, message, exchange);
  }

  /** Notes what a statement that goes to the master alone does to the session. */
  private void noteRouted(Message message, MySqlRequest request, @Nullable Prepared prepared) {
    Statement statement = request.statement();
    if (request.command() == Command.QUERY && statement == null) {
      statement = statements.classifyHead(message);
    } else if (prepared != null && executes(request.command())) {
      statement = prepared.statement();
    }
    if (statement == null || request.command() == Command.STMT_PREPARE) {
      return;
    }
    Statement effect = effect(statement);
    state.routed(statement, false);
    state.routed(effect, false);
    boolean strict =
        (effect.has(StatementFlag.MULTI_STATEMENT) && router.settings().strictMultiStatements())
            || (effect.has(StatementFlag.CALL) && router.settings().strictProcedureCalls());
    if (strict || changesOnlyMaster(request, effect)) {
      state.pin();
    }
  }

  private static boolean executes(Command command) {
    return command == Command.STMT_EXECUTE || command == Command.STMT_BULK_EXECUTE;
  }

  /** What a statement does, looking through a text EXECUTE. */
  private Statement effect(Statement statement) {
    Statement prepared =
        statement.kind() == StatementKind.EXECUTE
            ? state.textPrepared(statement.preparedName())
            : null;
    return prepared == null ? statement : prepared;
  }

  /** Whether session state changes on the master alone, in a way that is not repeated elsewhere. */
  private static boolean changesOnlyMaster(MySqlRequest request, Statement effect) {
    return switch (effect.kind()) {
      case SESSION, AUTOCOMMIT_OFF, AUTOCOMMIT_ON -> true;
      case PREPARE, DEALLOCATE -> !isForMasterHistory(request);
      case READ, WRITE, TRANSACTION_BEGIN, TRANSACTION_END, EXECUTE, KILL, EMPTY -> false;
    };
  }

  private static boolean isForMasterHistory(MySqlRequest request) {
    Statement statement = request.statement();
    return request.command() == Command.QUERY
        && statement != null
        && (statement.kind() == StatementKind.PREPARE
            || statement.kind() == StatementKind.DEALLOCATE);
  }

  /** Sends a read, for the first time or again. */
  void toReader(Message message, Exchange exchange) {
    Backend target = pool.reader(exchange.failed());
    boolean fallback = target == null;
    if (target == null) {
      target = master();
    }
    if (endings.isOver()) {
      exchange.release();
      message.release();
      return;
    }
    if (target == null || (fallback && exchange.failed().contains(target.server()))) {
      exchange.release();
      endings.refuse(
          message,
          exchange.request(),
          ErrorCode.SERVER_LOST.error(
              "No server of service " + session.service() + " can answer reads now"));
      return;
    }
    if (router.settings().retryFailedReads() && message.isLast()) {
      exchange.keepForRetry(message.retainedDuplicate());
    }
    router.load(target.server()).read();
    send(target, message, exchange);
  }

  private void toAll(Message message, MySqlRequest request) {
    Backend leader = master();
    if (leader == null && !endings.isOver()) {
      leader = pool.reader(Set.of());
    }
    if (endings.isOver()) {
      message.release();
      return;
    }
    if (leader == null) {
      endings.withoutMaster(message, request);
      return;
    }
    SessionCommand command = new SessionCommand();
    Statement statement = request.statement();
    Prepared prepared = null;
    if (request.command() == Command.STMT_PREPARE) {
      prepared = statements.create(message, request, true);
    } else if (statement != null) {
      state.routed(statement, true);
    }
    Exchange exchange = Exchange.forClient(request, command, prepared);
    if (prepared == null) {
      exchange.packet(ByteBufUtil.getBytes(message.content()));
    }
    for (Backend other : pool.others(leader)) {
      if (prepared != null) {
        other.preparing(prepared.id());
      }
      other.send(message.retainedDuplicate(), Exchange.silent(request, command, prepared));
    }
    if (prepared != null) {
      leader.preparing(prepared.id());
    }
    send(leader, message, exchange);
  }

  private void resetStatement(Message message, MySqlRequest request, Prepared prepared) {
    Backend leader = pool.master();
    if (leader != null && !leader.knows(prepared.id())) {
      leader = null;
    }
    for (Backend backend : pool.all()) {
      if (backend.knows(prepared.id())) {
        if (leader == null) {
          leader = backend;
        } else if (backend != leader) {
          long id = backend.id(prepared.id());
          backend.send(
              StatementPackets.simple(message.content(), Command.STMT_RESET, id),
              Exchange.silent(request, null, null));
        }
      }
    }
    prepared.longData(false);
    prepared.lastUsed(null);
    if (leader == null) {
      endings.refuse(message, request, Reason.UNKNOWN_STATEMENT);
    } else {
      send(leader, message, Exchange.forClient(request, null, prepared));
    }
  }

  private void toCursor(Message message, MySqlRequest request, @Nullable Prepared prepared) {
    Backend holder = prepared == null ? null : prepared.lastUsed();
    if (holder == null || !pool.isOpen(holder)) {
      endings.refuse(message, request, Reason.UNKNOWN_STATEMENT);
    } else {
      send(holder, message, Exchange.forClient(request, null, prepared));
    }
  }

  /** Sends a request whose answer, if it has one, goes to the client. */
  private void send(Backend target, Message message, Exchange exchange) {
    stream = target;
    if (exchange.request().expectsReply()) {
      current = exchange;
      currentBackend = target;
    }
    Prepared prepared = exchange.prepared();
    if (prepared == null || exchange.request().command() == Command.STMT_PREPARE) {
      target.send(message, exchange);
      return;
    }
    if (!target.knows(prepared.id())) {
      park(target, message, exchange, prepared);
      return;
    }
    Message mapped = statements.map(target, message, prepared);
    if (mapped == null) {
      message.release();
      endings.fail("statement: too large to add its parameter types", null);
      return;
    }
    target.send(mapped, exchange);
  }

  /** Waits until the statement is prepared there. */
  private void park(Backend target, Message message, Exchange exchange, Prepared prepared) {
    if (!target.has(prepared.id()) || !message.isLast()) {
      message.release();
      endings.fail("statement: not known to server " + target.server().name(), null);
      return;
    }
    parked = message;
    parkedExchange = exchange;
    parkedBackend = target;
  }

  /** A server has prepared something that was waited for, perhaps. */
  void unpark(Backend target) {
    Message message = parked;
    Exchange exchange = parkedExchange;
    if (message == null || exchange == null || target != parkedBackend) {
      return;
    }
    Prepared prepared = exchange.prepared();
    if (prepared != null && target.knows(prepared.id())) {
      parked = null;
      parkedExchange = null;
      parkedBackend = null;
      send(target, message, exchange);
    }
  }

  /** The connection with the present master; null without one, or when the session is over. */
  private @Nullable Backend master() {
    Server writer = router.selector().writer();
    Backend open = pool.master();
    if (open != null) {
      if (writer == null || writer.equals(open.server()) || state.isInTransaction()) {
        return open;
      }
      if (!state.isMovable() || !history.isComplete()) {
        endings.fail(
            "the master is now " + writer.name() + ", which cannot be told the session's state",
            null);
        return null;
      }
      LOGGER
          .atInfo()
          .addKeyValue("session", session.id())
          .addKeyValue("service", session.service())
          .addKeyValue("from", open.server().name())
          .addKeyValue("to", writer.name())
          .log("session goes to the new master");
      pool.close(open);
    }
    return writer == null || !history.isComplete() ? null : pool.openMaster(writer);
  }

  /** The request under way has its answer. */
  void answered(Backend backend) {
    current = null;
    currentBackend = null;
    lastAnswered = backend;
  }

  /**
   * A connection is gone.
   *
   * @return the client's request that was under way there, which is no longer; or null
   */
  @Nullable Exchange lost(Backend backend) {
    if (stream == backend) {
      stream = null;
    }
    if (parkedBackend == backend) {
      dropParked();
    }
    if (currentBackend != backend) {
      return null;
    }
    Exchange exchange = current;
    current = null;
    currentBackend = null;
    return exchange;
  }

  private void dropParked() {
    if (parked != null) {
      parked.release();
    }
    parked = null;
    parkedExchange = null;
    parkedBackend = null;
  }

  /** Gives back what it holds. */
  void close() {
    if (current != null) {
      current.release();
      current = null;
    }
    dropParked();
    stream = null;
  }
}

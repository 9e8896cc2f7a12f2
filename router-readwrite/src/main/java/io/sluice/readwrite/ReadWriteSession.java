package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementFlag;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router's part of one client session. One request of the client is under way at a time; others
 * wait. Answers to what is sent beside it (session commands on replicas, repeated history) are
 * looked at and dropped.
 */
final class ReadWriteSession implements RouterSession {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReadWriteSession.class);

  /**
   * Collations of big5, sjis, gbk, cp932 and gb18030: a byte of a character may look like a quote,
   * so statements in them are not to be judged by their tokens.
   */
  private static final Set<Integer> ASCII_IN_CHARACTERS =
      Set.of(1, 84, 13, 88, 28, 87, 95, 96, 248, 249, 250);

  private final ReadWriteRouter router;
  private final SessionContext session;
  private final SessionState state = new SessionState();
  private final SessionHistory history;
  private final BackendPool pool;
  private final PreparedStatements statements;
  private final Endings endings;
  private final Dispatcher dispatcher;
  private final Deque<Message> waiting = new ArrayDeque<>();

  ReadWriteSession(ReadWriteRouter router, SessionContext session) {
    this.router = router;
    this.session = session;
    this.history = new SessionHistory(router.settings().maxSessionCommands());
    this.pool = new BackendPool(router, session, history);
    this.statements = new PreparedStatements(pool, history, hasAttributes(session));
    this.endings = new Endings(router, session);
    this.dispatcher = new Dispatcher(router, session, state, history, pool, statements, endings);
    if (session.identity().clientState() instanceof ClientState client
        && ASCII_IN_CHARACTERS.contains(client.collation())) {
      state.pin();
    }
  }

  private static boolean hasAttributes(SessionContext session) {
    return session.identity().clientState() instanceof ClientState client
        && client.capabilities().has(Capabilities.QUERY_ATTRIBUTES);
  }

  @Override
  public void routeQuery(Message message) {
    if (endings.isOver()) {
      message.release();
    } else if (!waiting.isEmpty() || (message.isFirst() && dispatcher.isBusy())) {
      waiting.add(message);
    } else {
      dispatch(message);
    }
  }

  private void dispatch(Message message) {
    if (message.isFirst()) {
      dispatcher.route(message);
    } else {
      dispatcher.continueWith(message);
    }
  }

  private void drain() {
    while (!endings.isOver()
        && !waiting.isEmpty()
        && !(waiting.element().isFirst() && dispatcher.isBusy())) {
      dispatch(waiting.remove());
    }
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
    Backend backend = pool.find(from);
    Exchange exchange = backend == null ? null : backend.oldest();
    if (endings.isOver()
        || backend == null
        || exchange == null
        || !(reply instanceof MySqlReply mysql)) {
      chunk.release();
      return;
    }
    if (!exchange.isForClient()) {
      chunk.release();
      if (mysql.isComplete()) {
        backend.answered();
        silently(backend, exchange, mysql);
        drain();
      }
      return;
    }
    if (isServerGoing(exchange, mysql)) {
      chunk.release();
      backend.endpoint().close();
      lost(backend, Failure.passing(CloseReason.SERVER_LOST, "the server is going down", null));
      drain();
      return;
    }
    ByteBuf bytes = statements.answer(exchange, chunk, mysql);
    if (bytes == null) {
      return;
    }
    exchange.delivered();
    boolean complete = mysql.isComplete();
    if (complete) {
      // Before the client gets it: it may send the next request at once.
      completed(backend, exchange, mysql);
    }
    session.upstream().clientReply(bytes, reply);
    if (complete) {
      endIfReleased(exchange, mysql);
      drain();
    }
  }

  /** Whether a read was answered with nothing but the news that the server stops. */
  private static boolean isServerGoing(Exchange exchange, MySqlReply reply) {
    ReplyError error = reply.error();
    return error != null
        && exchange.isRead()
        && !exchange.isDelivered()
        && (error.code() == ErrorCode.SERVER_SHUTDOWN.number()
            || error.code() == ErrorCode.CONNECTION_KILLED.number());
  }

  private void completed(Backend backend, Exchange exchange, MySqlReply reply) {
    backend.answered();
    dispatcher.answered(backend);
    boolean clean = reply.error() == null;
    MySqlRequest request = exchange.request();
    if (clean && tellsStatus(request.command())) {
      state.status(reply.isInTransaction(), reply.isAutocommit(), pool.isMaster(backend));
    }
    SessionCommand command = exchange.command();
    if (command != null) {
      command.led(clean).forEach(different -> closeDifferent(different, request));
    }
    if (clean) {
      succeeded(backend, exchange, reply);
    }
  }

  private void succeeded(Backend backend, Exchange exchange, MySqlReply reply) {
    MySqlRequest request = exchange.request();
    Statement statement = request.statement();
    statements.completed(backend, exchange, reply);
    if (request.command() == Command.RESET_CONNECTION) {
      state.reset();
      history.reset();
      statements.clear();
      pool.all().forEach(Backend::forgetAll);
    } else if (statement != null && request.command() == Command.QUERY) {
      state.succeeded(statement);
    }
    byte[] packet = exchange.packet();
    if (packet != null && isKept(request.command())) {
      history.add(request, packet, exchange.command() == null);
    }
  }

  private static boolean isKept(Command command) {
    return command != Command.PING && command != Command.RESET_CONNECTION;
  }

  private static boolean tellsStatus(Command command) {
    return switch (command) {
      case QUERY, INIT_DB, PING, STMT_EXECUTE, STMT_BULK_EXECUTE, STMT_FETCH, RESET_CONNECTION ->
          true;
      default -> false;
    };
  }

  /** An answer came that nobody waits for. */
  private void silently(Backend backend, Exchange exchange, MySqlReply reply) {
    boolean clean = reply.error() == null;
    Prepared prepared = exchange.prepared();
    if (clean && prepared != null) {
      backend.prepared(prepared.id(), reply.statementId());
    }
    SessionCommand command = exchange.command();
    boolean different = command == null ? !clean : command.followed(backend, clean);
    if (different) {
      closeDifferent(backend, exchange.request());
    } else {
      dispatcher.unpark(backend);
    }
  }

  private void closeDifferent(Backend backend, MySqlRequest request) {
    if (!pool.isOpen(backend)) {
      return;
    }
    router.counters().different();
    LOGGER
        .atWarn()
        .addKeyValue("session", session.id())
        .addKeyValue("service", session.service())
        .addKeyValue("server", backend.server().name())
        .addKeyValue("command", request.name())
        .log("a session command had another outcome here than on the leading server; closed");
    if (!pool.isMaster(backend)) {
      pool.ban(backend.server());
    }
    backend.endpoint().close();
    lost(
        backend,
        Failure.passing(CloseReason.SERVER_LOST, "it is not in the session's state", null));
  }

  private void endIfReleased(Exchange exchange, MySqlReply reply) {
    Statement statement = exchange.request().statement();
    if (reply.error() == null && statement != null && statement.has(StatementFlag.RELEASE)) {
      endings.end(CloseReason.CLIENT_QUIT, "the transaction ended with RELEASE");
    }
  }

  @Override
  public void endpointReady(Endpoint endpoint) {
    Backend backend = pool.find(endpoint);
    if (backend != null) {
      backend.ready();
    }
  }

  @Override
  public void handleError(Endpoint from, Failure failure) {
    Backend backend = pool.find(from);
    if (backend == null || endings.isOver()) {
      return;
    }
    LOGGER
        .atDebug()
        .addKeyValue("session", session.id())
        .addKeyValue("server", backend.server().name())
        .addKeyValue("error", failure.message())
        .log("server connection lost");
    router.load(backend.server()).failed();
    if (failure.kind() == Failure.Kind.PERMANENT && !pool.isMaster(backend)) {
      pool.ban(backend.server());
    }
    lost(backend, failure);
    drain();
  }

  /** A connection is gone: what was under way goes elsewhere or fails. */
  private void lost(Backend backend, Failure failure) {
    boolean wasMaster = pool.isMaster(backend);
    boolean wasReady = backend.isReady();
    pool.remove(backend);
    Exchange exchange = dispatcher.lost(backend);
    String text = Loss.text(backend.server(), failure, wasReady, exchange != null);
    boolean ends =
        (exchange != null && exchange.isDelivered())
            || (wasMaster && (!state.isMovable() || endings.endsWithMaster()))
            || isStateUnknown(exchange);
    if (ends) {
      if (exchange != null) {
        exchange.release();
      }
      endings.fail(text, failure.error());
      return;
    }
    if (wasMaster) {
      state.masterLost();
    }
    if (exchange != null) {
      failOver(backend, exchange, Loss.error(failure, wasReady, text));
    }
  }

  /** Whether nobody knows if a session command took effect, and connections cannot be replaced. */
  private boolean isStateUnknown(@Nullable Exchange exchange) {
    return exchange != null && exchange.command() != null && !history.isComplete();
  }

  private void failOver(Backend backend, Exchange exchange, ReplyError error) {
    Message again = exchange.takeRetry();
    if (again != null) {
      router.counters().retry();
      exchange.failed().add(backend.server());
      dispatcher.toReader(again, exchange);
      return;
    }
    exchange.release();
    if (exchange.command() != null) {
      // Whether it took effect elsewhere is not known: the others start over from the history.
      pool.all().forEach(pool::close);
    }
    endings.answer(exchange.request(), error);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = new LinkedHashMap<>();
    Backend master = pool.master();
    all.put("master", master == null ? "" : master.server().name());
    all.put("open_servers", pool.all().stream().map(b -> b.server().name()).toList().toString());
    all.put("in_transaction", state.isInTransaction());
    all.put("autocommit", state.isAutocommit());
    all.put("pinned_to_master", state.isPinned());
    all.put("history", history.size());
    all.put("history_complete", history.isComplete());
    all.put("prepared_statements", statements.size());
    return all;
  }

  @Override
  public void close() {
    endings.closed();
    dispatcher.close();
    waiting.forEach(Message::release);
    waiting.clear();
    pool.discardAll();
  }
}

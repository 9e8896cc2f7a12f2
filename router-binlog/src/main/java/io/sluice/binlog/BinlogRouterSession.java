package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ClientSession;
import io.sluice.binlog.admin.ClientSessions;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaSession;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.SessionVariables;
import io.sluice.binlog.sql.StatementExecutor;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSetWriter;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client of the relay: a replica, a tool or an administrator. Answers commands one at a time,
 * and hands the session to a {@link ReplicaSession} once the client asks for the log. Never opens
 * an endpoint. Confined to the event loop of the session.
 */
final class BinlogRouterSession implements RouterSession {
  private final SessionContext session;
  private final SessionVariables variables = new SessionVariables();
  private final StatementExecutor executor;
  private final Capabilities capabilities;
  private final ClientSessions clients;
  private final ClientSession activity;
  private final ReplicaCommands replicas;
  private @Nullable RowStream rowStream;
  private @Nullable StatementRun running;
  private boolean severalStatements;
  private boolean swallowing;
  private boolean closed;

  BinlogRouterSession(
      SessionContext session, BinlogStatus status, ReplicaContext context, Sessions sessions) {
    this.session = session;
    this.clients = status.clients();
    this.activity =
        clients.open(session.id(), session.identity().user(), session.identity().host());
    Account account = new Account(session);
    ClientState state = account.state();
    this.capabilities = state.capabilities();
    this.replicas = new ReplicaCommands(session, context, variables, capabilities);
    this.executor =
        new StatementExecutor(status, sessions, variables, account.client(), session.eventLoop());
    this.severalStatements = capabilities.has(Capabilities.MULTI_STATEMENTS);
    executor.greet(state.collation());
  }

  @Override
  public void routeQuery(Message message) {
    try {
      if (!message.isFirst()) {
        notFirst(message);
        return;
      }
      if (closed || !(message.request() instanceof MySqlRequest request)) {
        return;
      }
      if (!message.isLast()) {
        swallowing = true;
        error(
            request,
            1,
            ErrorCode.PACKET_TOO_LARGE.error(
                "Got a packet bigger than 'max_allowed_packet' bytes"));
        return;
      }
      int sequence = StatementRun.nextSequence(message.content());
      clients.question(message.content().readableBytes());
      activity.begin("Query", "");
      dispatch(request, message, sequence);
    } finally {
      message.release();
    }
  }

  /** The rest of a request that was answered already, or a replica's note during its dump. */
  private void notFirst(Message message) {
    ReplicaSession stream = replicas.stream();
    if (swallowing || stream == null) {
      swallowing = swallowing && !message.isLast();
      return;
    }
    ByteBuf payload = payload(message);
    try {
      stream.onClientData(payload);
    } finally {
      payload.release();
    }
  }

  private void dispatch(MySqlRequest request, Message message, int sequence) {
    if (!executor.knows(request.command())) {
      error(request, sequence, ErrorCode.UNKNOWN_COMMAND.error("Unknown command"));
      return;
    }
    if (mustChangePassword() && request.command() != Command.QUIT) {
      error(
          request,
          sequence,
          ErrorCode.MUST_CHANGE_PASSWORD.error(
              "You must SET PASSWORD before executing this statement"));
      return;
    }
    try {
      switch (request.command()) {
        case QUERY -> query(request, message, sequence);
        case PING, DEBUG -> ok(request, sequence);
        case RESET_CONNECTION -> {
          variables.reset();
          ok(request, sequence);
        }
        case SET_OPTION -> setOption(request, message, sequence);
        case STATISTICS -> statistics(request, sequence);
        case INIT_DB -> initDatabase(request, message, sequence);
        case PROCESS_KILL -> answer(request, sequence, "KILL " + CommandPayload.killed(message));
        case PROCESS_INFO -> answer(request, sequence, "SHOW PROCESSLIST");
        case REGISTER_SLAVE -> register(request, message, sequence);
        case BINLOG_DUMP, BINLOG_DUMP_GTID -> dump(request, message, sequence);
        case QUIT -> session.close(CloseReason.CLIENT_QUIT, "COM_QUIT");
        case STMT_PREPARE ->
            error(
                request,
                sequence,
                new ReplyError(
                    1295,
                    "HY000",
                    "This command is not supported in the prepared statement protocol yet"));
        case STMT_CLOSE, STMT_SEND_LONG_DATA -> {}
        case FIELD_LIST -> error(request, sequence, ErrorCode.NO_DB.error("No database selected"));
        default -> error(request, sequence, ErrorCode.UNKNOWN_COMMAND.error("Unknown command"));
      }
    } catch (ProtocolException e) {
      error(request, sequence, e.errorCode().error(String.valueOf(e.getMessage())));
    }
  }

  /** As a server, which lets such a client do nothing else; and here nothing can be changed. */
  private boolean mustChangePassword() {
    return session.identity().credentials() instanceof ProvenCredentials proven
        && proven.mustChangePassword();
  }

  private void query(MySqlRequest request, Message message, int sequence) {
    String sql = MySqlRequest.sql(message);
    String text = sql == null ? "" : sql;
    run(request, sequence, severalStatements ? executor.split(text) : List.of(text));
  }

  private void answer(MySqlRequest request, int sequence, String sql) {
    run(request, sequence, List.of(sql));
  }

  private void run(MySqlRequest request, int sequence, List<String> statements) {
    activity.begin("Query", StatementRun.shown(String.join("", statements)));
    StatementRun started =
        new StatementRun(
            executor,
            variables,
            capabilities,
            request,
            sequence,
            statements,
            new StatementRun.Outcome() {
              @Override
              public void later(Runnable task) {
                session.eventLoop().execute(task);
              }

              @Override
              public void reply(ByteBuf packets, MySqlReply reply) {
                BinlogRouterSession.this.reply(packets, reply);
              }

              @Override
              public void stream(Answer.Stream stream, ByteBuf before, int next) {
                if (before.isReadable()) {
                  clients.answered(before.readableBytes());
                  session.upstream().clientReply(before, new MySqlReply(request));
                } else {
                  before.release();
                }
                BinlogRouterSession.this.stream(request, next, stream);
              }

              @Override
              public void failed(Throwable error) {
                session.fail(
                    new Failure(
                        Failure.Kind.PERMANENT,
                        CloseReason.INTERNAL_ERROR,
                        "a statement failed",
                        null,
                        error));
              }
            });
    running = started;
    started.start();
  }

  private void setOption(MySqlRequest request, Message message, int sequence) {
    severalStatements = CommandPayload.severalStatements(message);
    eof(request, sequence);
  }

  private void stream(MySqlRequest request, int sequence, Answer.Stream answer) {
    RowStream stream =
        new RowStream(
            session,
            request,
            sequence,
            capabilities,
            answer,
            chunk -> clients.answered(chunk.readableBytes()),
            error -> {
              rowStream = null;
              executor.streamed(error);
              activity.idle();
            });
    rowStream = stream;
    stream.proceed();
  }

  private void reply(ByteBuf packets, MySqlReply reply) {
    clients.answered(packets.readableBytes());
    activity.idle();
    session.upstream().clientReply(packets, reply);
  }

  private void ok(Request request, int sequence) {
    OkPacket ok = new OkPacket(0, 0, variables.serverStatus(), 0, "");
    reply(
        ResultSetWriter.ok(ByteBufAllocator.DEFAULT, sequence, capabilities, ok),
        MySqlReply.complete(request));
  }

  private void eof(Request request, int sequence) {
    ByteBuf packet =
        ResultSetWriter.eof(ByteBufAllocator.DEFAULT, sequence, variables.serverStatus());
    reply(packet, MySqlReply.complete(request));
  }

  private void error(Request request, int sequence, ReplyError error) {
    ByteBuf packet = ResultSetWriter.error(ByteBufAllocator.DEFAULT, sequence, capabilities, error);
    reply(packet, MySqlReply.complete(request, error));
  }

  private void statistics(MySqlRequest request, int sequence) {
    ByteBuf packet =
        Packets.frame(
            ByteBufAllocator.DEFAULT,
            sequence,
            out -> out.writeCharSequence(executor.statistics(), StandardCharsets.UTF_8));
    reply(packet, MySqlReply.complete(request));
  }

  private void initDatabase(MySqlRequest request, Message message, int sequence) {
    String name = CommandPayload.database(message);
    error(
        request,
        sequence,
        name.isEmpty()
            ? ErrorCode.NO_DB.error("No database selected")
            : StatementExecutor.unknownDatabase(name).error());
  }

  private static ByteBuf payload(Message message) {
    return Packets.joinPayload(message.content());
  }

  private void register(MySqlRequest request, Message message, int sequence) {
    ReplyError refused = replicas.register(message);
    if (refused == null) {
      ok(request, sequence);
    } else {
      error(request, sequence, refused);
    }
  }

  private void dump(MySqlRequest request, Message message, int sequence) {
    activity.begin(
        request.command() == Command.BINLOG_DUMP ? "Binlog Dump" : "Binlog Dump GTID", "");
    replicas.dump(request, message, sequence, refused -> error(request, sequence, refused));
  }

  @Override
  public void clientWritabilityChanged(boolean writable) {
    ReplicaSession stream = replicas.stream();
    if (writable && stream != null) {
      stream.onWritable();
    }
    if (writable && rowStream != null) {
      rowStream.proceed();
    }
  }

  @Override
  public void draining() {
    ReplicaSession stream = replicas.stream();
    if (stream != null) {
      stream.endForShutdown();
    }
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
    chunk.release();
  }

  @Override
  public void handleError(Endpoint from, Failure failure) {
    // No endpoint is ever opened.
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> map = new LinkedHashMap<>();
    replicas.diagnostics(map);
    return map;
  }

  @Override
  public void close() {
    closed = true;
    clients.close(activity);
    executor.close();
    if (running != null) {
      running.abandon();
    }
    if (rowStream != null) {
      rowStream.close();
      rowStream = null;
    }
    replicas.close();
  }
}

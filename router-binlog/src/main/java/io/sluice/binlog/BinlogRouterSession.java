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
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.replica.DumpRequest;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaSession;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.SessionVariables;
import io.sluice.binlog.sql.StatementExecutor;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComRegisterSlave;
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
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client of the relay: a replica, a tool or an administrator. Answers commands one at a time,
 * and hands the session to a {@link ReplicaSession} once the client asks for the log. Never opens
 * an endpoint. Confined to the event loop of the session.
 */
final class BinlogRouterSession implements RouterSession {
  private final SessionContext session;
  private final ReplicaContext context;
  private final SessionVariables variables = new SessionVariables();
  private final StatementExecutor executor;
  private final Capabilities capabilities;
  private final ClientSessions clients;
  private final ClientSession activity;
  private @Nullable Replica replica;
  private @Nullable RowStream rowStream;
  private @Nullable ReplicaSession dump;
  private boolean swallowing;
  private boolean closed;

  BinlogRouterSession(
      SessionContext session, BinlogStatus status, ReplicaContext context, Sessions sessions) {
    this.session = session;
    this.clients = status.clients();
    this.activity =
        clients.open(session.id(), session.identity().user(), session.identity().host());
    this.context = context;
    ClientState state =
        session.identity().clientState() instanceof ClientState known
            ? known
            : ClientState.INTERNAL;
    this.capabilities = state.capabilities();
    this.executor =
        new StatementExecutor(
            status,
            sessions,
            variables,
            new Client(
                session.id(),
                session.identity().user(),
                session.identity().host(),
                account(),
                withoutPrefix(state.serverVersion()),
                this::has));
  }

  private static String withoutPrefix(String version) {
    return version.startsWith("5.5.5-") ? version.substring("5.5.5-".length()) : version;
  }

  private String account() {
    return session.identity().credentials() instanceof ProvenCredentials proven
        ? proven.account().replace("'", "")
        : session.identity().user() + "@%";
  }

  private boolean has(Privilege privilege) {
    return session.identity().credentials() instanceof ProvenCredentials proven
        && proven.has(privilege);
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
      int sequence = nextSequence(message.content());
      clients.question(message.content().readableBytes());
      activity.begin("Query", "");
      dispatch(request, message, sequence);
    } finally {
      message.release();
    }
  }

  /** The rest of a request that was answered already, or a replica's note during its dump. */
  private void notFirst(Message message) {
    ReplicaSession stream = dump;
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

  /** The number behind the last packet of a request. */
  private static int nextSequence(ByteBuf framed) {
    int index = framed.readerIndex();
    int sequence = 0;
    while (index + Packets.HEADER <= framed.writerIndex()) {
      sequence = Packets.sequence(framed, index);
      index += Packets.HEADER + Packets.payloadLength(framed, index);
    }
    return (sequence + 1) & 0xff;
  }

  private void dispatch(MySqlRequest request, Message message, int sequence) {
    try {
      switch (request.command()) {
        case QUERY -> query(request, message, sequence);
        case PING, DEBUG -> ok(request, sequence);
        case RESET_CONNECTION -> {
          variables.reset();
          ok(request, sequence);
        }
        case SET_OPTION -> eof(request, sequence);
        case STATISTICS -> statistics(request, sequence);
        case INIT_DB -> initDatabase(request, message, sequence);
        case PROCESS_KILL -> kill(request, message, sequence);
        case PROCESS_INFO -> answer(request, sequence, "SHOW PROCESSLIST");
        case REGISTER_SLAVE -> register(request, message, sequence);
        case BINLOG_DUMP -> dump(request, message, sequence);
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

  private void query(MySqlRequest request, Message message, int sequence) {
    String sql = MySqlRequest.sql(message);
    answer(request, sequence, sql == null ? "" : sql);
  }

  private void answer(MySqlRequest request, int sequence, String sql) {
    activity.begin("Query", shown(sql));
    executor
        .execute(sql)
        .whenComplete(
            (answer, error) -> {
              if (session.eventLoop().inEventLoop()) {
                send(request, sequence, answer, error);
              } else {
                session.eventLoop().execute(() -> send(request, sequence, answer, error));
              }
            });
  }

  /** What others may see of a statement: nothing behind a password. */
  private static String shown(String sql) {
    int secret = sql.toUpperCase(Locale.ROOT).indexOf("PASSWORD");
    return secret < 0 ? sql : sql.substring(0, secret) + "PASSWORD ...";
  }

  private void send(
      MySqlRequest request, int sequence, @Nullable Answer answer, @Nullable Throwable error) {
    if (closed) {
      return;
    }
    if (answer instanceof Answer.Rows rows) {
      rows(request, sequence, rows);
    } else if (answer instanceof Answer.Stream stream) {
      stream(request, sequence, stream);
    } else if (answer instanceof Answer.Ok plain) {
      ok(request, sequence, plain.warnings());
    } else if (answer instanceof Answer.Failed failed) {
      error(request, sequence, failed.error());
    } else if (error != null) {
      session.fail(
          new Failure(
              Failure.Kind.PERMANENT,
              CloseReason.INTERNAL_ERROR,
              "a statement failed",
              null,
              error));
    } else {
      ok(request, sequence);
    }
  }

  private void rows(MySqlRequest request, int sequence, Answer.Rows rows) {
    ResultSetWriter writer =
        new ResultSetWriter(ByteBufAllocator.DEFAULT, sequence, capabilities)
            .columns(rows.columns());
    for (List<@Nullable Object> row : rows.rows()) {
      writer.row(row.toArray());
    }
    reply(writer.finish(ServerStatus.AUTOCOMMIT), MySqlReply.complete(request));
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
    ok(request, sequence, 0);
  }

  private void ok(Request request, int sequence, int warnings) {
    OkPacket ok = new OkPacket(0, 0, ServerStatus.AUTOCOMMIT, warnings, "");
    reply(
        ResultSetWriter.ok(ByteBufAllocator.DEFAULT, sequence, capabilities, ok),
        MySqlReply.complete(request));
  }

  private void eof(Request request, int sequence) {
    ByteBuf packet =
        ResultSetWriter.eof(ByteBufAllocator.DEFAULT, sequence, ServerStatus.AUTOCOMMIT);
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
    ByteBuf payload = payload(message);
    try {
      payload.skipBytes(1);
      String name = payload.toString(StandardCharsets.UTF_8);
      if (StatementExecutor.unknownDatabase(name) instanceof Answer.Failed failed) {
        error(request, sequence, failed.error());
      }
    } finally {
      payload.release();
    }
  }

  private void kill(MySqlRequest request, Message message, int sequence) {
    ByteBuf payload = payload(message);
    try {
      if (payload.readableBytes() != 5) {
        throw new ProtocolException(ErrorCode.MALFORMED_PACKET, "Malformed communication packet");
      }
      answer(request, sequence, "KILL " + payload.getUnsignedIntLE(payload.readerIndex() + 1));
    } finally {
      payload.release();
    }
  }

  private static ByteBuf payload(Message message) {
    return Packets.joinPayload(message.content());
  }

  private void register(MySqlRequest request, Message message, int sequence) {
    ByteBuf payload = payload(message);
    ComRegisterSlave register;
    try {
      register = ComRegisterSlave.decode(payload);
    } finally {
      payload.release();
    }
    if (!has(Privilege.REPLICATION_SLAVE)) {
      error(request, sequence, ErrorCode.ACCESS_DENIED.error(denied()));
      return;
    }
    replica().register(register.serverId(), register.host(), register.port());
    ok(request, sequence);
  }

  private String denied() {
    String account =
        session.identity().credentials() instanceof ProvenCredentials proven
            ? proven.account()
            : "'" + session.identity().user() + "'@'%'";
    return "Access denied for user " + account + " (using password: YES)";
  }

  private Replica replica() {
    Replica known = replica;
    if (known == null) {
      known = new Replica(session.id(), session.identity().user(), session.identity().host());
      replica = known;
      context.registry().add(known);
    }
    return known;
  }

  private void dump(MySqlRequest request, Message message, int sequence) {
    ByteBuf payload = payload(message);
    ComBinlogDump command;
    try {
      command = ComBinlogDump.decode(payload);
    } finally {
      payload.release();
    }
    if (!has(Privilege.REPLICATION_SLAVE)) {
      error(
          request,
          sequence,
          ErrorCode.NEEDS_PRIVILEGE.error(
              "Access denied; you need (at least one of) the REPLICATION SLAVE privilege(s) for this operation"));
      return;
    }
    DumpRequest wanted;
    try {
      wanted = DumpRequest.of(command, dumpVariables(), isOn(variables.system("skip_replication")));
    } catch (GtidFormatException e) {
      error(
          request,
          sequence,
          new ReplyError(e.errorCode(), "HY000", String.valueOf(e.getMessage())));
      session.close(CloseReason.ROUTER_CLOSED, "malformed GTID position");
      return;
    }
    ReplicaSession stream =
        new ReplicaSession(
            context,
            session,
            replica(),
            wanted,
            request,
            sequence,
            capabilities,
            () -> dump = null);
    dump = stream;
    activity.begin("Binlog Dump", "");
    stream.begin();
  }

  private static boolean isOn(@Nullable String value) {
    return value != null
        && (value.equals("1") || value.equalsIgnoreCase("ON") || value.equalsIgnoreCase("TRUE"));
  }

  private DumpRequest.Variables dumpVariables() {
    return new DumpRequest.Variables() {
      @Override
      public @Nullable String value(String name) {
        return variables.user(name);
      }

      @Override
      public boolean isSet(String name) {
        return variables.isUserSet(name);
      }
    };
  }

  @Override
  public void clientWritabilityChanged(boolean writable) {
    ReplicaSession stream = dump;
    if (writable && stream != null) {
      stream.onWritable();
    }
    if (writable && rowStream != null) {
      rowStream.proceed();
    }
  }

  @Override
  public void draining() {
    ReplicaSession stream = dump;
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
    Replica known = replica;
    map.put("role", known == null ? "client" : "replica");
    if (known != null) {
      map.put("server_id", known.serverId());
      map.put("state", known.state().label());
      map.put("file", known.file().name());
      map.put("position", known.position());
      map.put("sent_bytes", known.sentBytes());
      map.put("sent_events", known.sentEvents());
    }
    return map;
  }

  @Override
  public void close() {
    closed = true;
    clients.close(activity);
    if (rowStream != null) {
      rowStream.close();
      rowStream = null;
    }
    ReplicaSession stream = dump;
    if (stream != null) {
      stream.close();
      dump = null;
    }
    if (replica != null) {
      context.registry().remove(replica);
    }
  }
}

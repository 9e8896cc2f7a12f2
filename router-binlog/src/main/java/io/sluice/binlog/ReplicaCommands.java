package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.replica.DumpRequest;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaContext;
import io.sluice.binlog.replica.ReplicaSession;
import io.sluice.binlog.sql.SessionVariables;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import io.sluice.mysql.message.ComRegisterSlave;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands that make a client a replica: COM_REGISTER_SLAVE and the two dump commands, and the
 * dump that is under way. Confined to the event loop of the session.
 */
final class ReplicaCommands {
  private final SessionContext session;
  private final ReplicaContext context;
  private final SessionVariables variables;
  private final Capabilities capabilities;
  private @Nullable Replica replica;
  private @Nullable ReplicaSession dump;

  ReplicaCommands(
      SessionContext session,
      ReplicaContext context,
      SessionVariables variables,
      Capabilities capabilities) {
    this.session = session;
    this.context = context;
    this.variables = variables;
    this.capabilities = capabilities;
  }

  /** The dump that is under way; null for none. */
  @Nullable ReplicaSession stream() {
    return dump;
  }

  /** Handles COM_REGISTER_SLAVE; null if it is accepted. */
  @Nullable ReplyError register(Message message) {
    ByteBuf payload = Packets.joinPayload(message.content());
    ComRegisterSlave register;
    try {
      register = ComRegisterSlave.decode(payload);
    } finally {
      payload.release();
    }
    if (!mayReplicate()) {
      return ErrorCode.ACCESS_DENIED.error(denied());
    }
    replica().register(register.serverId(), register.host(), register.port());
    replica().uuid(DumpRequest.uuid(dumpVariables()));
    return null;
  }

  /**
   * Handles COM_BINLOG_DUMP and COM_BINLOG_DUMP_GTID.
   *
   * @param refused takes the error if no dump begins
   */
  void dump(MySqlRequest request, Message message, int sequence, Consumer<ReplyError> refused) {
    if (!mayReplicate()) {
      refused.accept(
          ErrorCode.NEEDS_PRIVILEGE.error(
              "Access denied; you need (at least one of) the REPLICATION SLAVE privilege(s) for"
                  + " this operation"));
      return;
    }
    DumpRequest wanted;
    try {
      wanted = request(request.command(), message);
    } catch (GtidFormatException e) {
      refused.accept(new ReplyError(e.errorCode(), "HY000", String.valueOf(e.getMessage())));
      session.close(CloseReason.ROUTER_CLOSED, "malformed GTID position");
      return;
    } catch (ProtocolException e) {
      refused.accept(e.errorCode().error(String.valueOf(e.getMessage())));
      session.close(CloseReason.PROTOCOL_VIOLATION, "malformed dump command");
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
    stream.begin();
  }

  private DumpRequest request(Command command, Message message) {
    ByteBuf payload = Packets.joinPayload(message.content());
    try {
      if (command == Command.BINLOG_DUMP_GTID) {
        return DumpRequest.of(
            context.source().get(), ComBinlogDumpGtid.decode(payload), dumpVariables());
      }
      return DumpRequest.of(
          context.source().get(),
          ComBinlogDump.decode(payload),
          dumpVariables(),
          isOn(variables.system("skip_replication")));
    } finally {
      payload.release();
    }
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

  private boolean mayReplicate() {
    return session.identity().credentials() instanceof ProvenCredentials proven
        && proven.has(Privilege.REPLICATION_SLAVE);
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

  /** Adds what is known of this client as a replica. */
  void diagnostics(Map<String, Object> map) {
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
  }

  /** The session ends. */
  void close() {
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

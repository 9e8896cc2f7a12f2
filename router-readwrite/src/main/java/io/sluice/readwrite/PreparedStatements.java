package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.api.session.Message;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Backslash;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementCache;
import io.sluice.mysql.sql.StatementKind;
import io.sluice.mysql.wire.Packets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The binary prepared statements of one session. Clients get numbers of the router's own; each
 * server has another number for the same statement, and is sent the parameter types again if it has
 * not seen the latest ones. Confined to the session's event loop.
 */
final class PreparedStatements {

  private final BackendPool pool;
  private final SessionHistory history;
  private final boolean attributes;
  private final Map<Long, Prepared> statements = new HashMap<>();
  private long nextId = 1;
  private @Nullable Prepared last;

  /**
   * None yet.
   *
   * @param attributes whether requests may carry attributes, as agreed with the client
   */
  PreparedStatements(BackendPool pool, SessionHistory history, boolean attributes) {
    this.attributes = attributes;
    this.pool = pool;
    this.history = history;
  }

  int size() {
    return statements.size();
  }

  /** The statement that a request is about; null when it is about none, or an unknown one. */
  @Nullable Prepared find(MySqlRequest request) {
    if (request.statementId() == StatementPackets.LAST_PREPARED) {
      return last;
    }
    return request.statementId() < 0 ? null : statements.get(request.statementId());
  }

  /** A statement that is about to be prepared. */
  Prepared create(Message message, MySqlRequest request, boolean everywhere) {
    last = null; // as on a server: if this one fails there is no last one
    Statement statement = request.statement();
    boolean whole = message.isLast() && statement != null;
    if (!whole) {
      history.breakOff(); // it cannot be prepared again elsewhere
    }
    return new Prepared(
        nextId++,
        statement == null ? Statement.of(StatementKind.WRITE) : statement,
        everywhere,
        whole ? ByteBufUtil.getBytes(message.content()) : new byte[0]);
  }

  /** What the beginning of a statement says that is not here as a whole. */
  Statement classifyHead(Message message) {
    ByteBuf content = message.content();
    int offset = message.request() instanceof MySqlRequest request ? request.textOffset() : 1;
    if (offset < 0) {
      return SessionState.UNKNOWN;
    }
    int text = Math.min(Packets.HEADER + offset, content.readableBytes());
    return StatementCache.local()
        .classify(
            content,
            content.readerIndex() + text,
            content.readableBytes() - text,
            Backslash.UNKNOWN);
  }

  /**
   * Puts the server's number, and parameter types if need be, into a request.
   *
   * @return null when that is impossible; the message still belongs to the caller then
   */
  @Nullable Message map(Backend target, Message message, Prepared prepared) {
    ByteBuf content = message.content();
    Message changed = message;
    long id = target.id(prepared.id());
    Command command = ((MySqlRequest) message.request()).command();
    if (command != Command.STMT_EXECUTE && command != Command.STMT_BULK_EXECUTE) {
      StatementPackets.setId(content, id);
      return message;
    }
    prepared.lastUsed(target);
    ParameterTypes place =
        command == Command.STMT_EXECUTE
            ? ParameterTypes.ofExecute(content, prepared.parameters(), attributes)
            : ParameterTypes.ofBulkExecute(content, prepared.parameters());
    if (place.areSent()) {
      prepared.types(place.read(content));
    } else if (prepared.typesVersion() != target.typesVersion(prepared.id())
        && place.fits(prepared.types())) {
      if (!message.isLast()) {
        return null;
      }
      content = place.insert(content, prepared.types());
      changed = Message.whole(message.request(), content);
    }
    target.typesSent(prepared.id(), prepared.typesVersion());
    StatementPackets.setId(content, id);
    return changed;
  }

  /**
   * Puts the client's number into the answer to COM_STMT_PREPARE.
   *
   * @return the bytes to pass on; null when more have to come first
   */
  @Nullable ByteBuf answer(Exchange exchange, ByteBuf chunk, MySqlReply reply) {
    Prepared prepared = exchange.prepared();
    if (prepared == null
        || exchange.request().command() != Command.STMT_PREPARE
        || exchange.isDelivered()) {
      return chunk;
    }
    ByteBuf head = exchange.head(chunk);
    if (head.readableBytes() < StatementPackets.PREPARED_HEAD && !reply.isComplete()) {
      return null;
    }
    exchange.headTaken();
    if (StatementPackets.isPrepared(head)) {
      prepared.parameters(StatementPackets.parameters(head));
      StatementPackets.setPreparedId(head, prepared.id());
    }
    return head;
  }

  /** A request of the client worked. */
  void completed(Backend backend, Exchange exchange, MySqlReply reply) {
    Prepared prepared = exchange.prepared();
    if (prepared == null) {
      return;
    }
    if (exchange.request().command() == Command.STMT_PREPARE) {
      backend.prepared(prepared.id(), reply.statementId());
      statements.put(prepared.id(), prepared);
      last = prepared;
      history.add(exchange.request(), prepared);
    } else if (exchange.request().command() == Command.STMT_EXECUTE
        || exchange.request().command() == Command.STMT_BULK_EXECUTE) {
      prepared.longData(false);
    }
  }

  /** Closes a statement wherever it is known. */
  void close(Message message, MySqlRequest request) {
    Prepared prepared = find(request);
    if (prepared != null) {
      statements.remove(prepared.id());
      history.forget(prepared);
      if (last == prepared) {
        last = null;
      }
      for (Backend backend : pool.all()) {
        if (backend.knows(prepared.id())) {
          backend.pass(
              StatementPackets.simple(
                  message.content(), Command.STMT_CLOSE, backend.id(prepared.id())));
        }
        backend.forget(prepared.id());
      }
    }
    message.release();
  }

  /** The servers have forgotten all statements. */
  void clear() {
    statements.clear();
    last = null;
  }
}

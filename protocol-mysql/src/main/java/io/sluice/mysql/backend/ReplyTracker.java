package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ComStmtPrepareOk;
import io.sluice.mysql.message.EofPacket;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.wire.PacketWalker;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the answer to each request ends in the stream of a server, for any number of requests
 * under way, and notes on the way what the answer tells. It looks at the length and the first byte
 * of each packet and reads only those that decide. Confined to the event loop.
 *
 * <p>Phases of one answer, and what moves on:
 *
 * <pre>
 * RESPONSE      OK, EOF, ERR: end (RESPONSE again if more results follow); 0xFB: waits for the
 *               client's data; a column count: COLUMNS
 *               (ROWS or COLUMNS_END where MariaDB leaves known columns out)
 * COLUMNS       the last column: COLUMNS_END, or ROWS where EOF packets are deprecated
 * COLUMNS_END   EOF: ROWS, or the end if a cursor was opened
 * ROWS          EOF or, where that is deprecated, OK with its first byte: end (or RESPONSE)
 * FIELDS        as ROWS, but what comes are columns
 * PREPARED      OK: DEFINITIONS, or the end if there are none
 * DEFINITIONS   the last of a known number of packets: end
 * TEXT          one packet: end
 * EVENTS        EOF: end; anything else belongs to the stream
 * LOGIN         OK: end; anything else is a question to the client
 * any           ERR: end; a progress report of MariaDB: stays
 * </pre>
 */
final class ReplyTracker implements PacketWalker.Visitor {

  private enum Phase {
    IDLE,
    RESPONSE,
    COLUMNS,
    COLUMNS_END,
    ROWS,
    FIELDS,
    PREPARED,
    DEFINITIONS,
    TEXT,
    EVENTS,
    LOGIN
  }

  private enum Kind {
    OTHER,
    OK,
    EOF,
    ERROR,
    PROGRESS,
    COLUMN_COUNT,
    PREPARE_OK,
    CLIENT_DATA
  }

  private static final int LOCAL_INFILE = 0xfb;
  // The longest OK without its texts, and the longest error that is worth keeping.
  private static final int OK_HEAD = 1 + 9 + 9 + 2 + 2;
  private static final int ERROR_HEAD = 4096;
  private static final int COUNT_HEAD = 9 + 1;
  // What MariaDB puts where an error has its number.
  private static final int PROGRESS_REPORT = 0xffff;
  private static final int MAX_COLUMNS = 0xffff;

  private final Capabilities capabilities;
  private final boolean eofDeprecated;
  private final boolean metadataCached;
  private final PacketWalker walker = new PacketWalker();
  private final Deque<MySqlReply> waiting = new ArrayDeque<>();
  private @Nullable MySqlReply current;
  private Phase phase = Phase.IDLE;
  private Kind kind = Kind.OTHER;
  private int left;
  private int status;
  private boolean outParameters;
  private @Nullable ReplyError farewell;

  /** A tracker for a connection on which this was agreed. */
  ReplyTracker(Capabilities capabilities) {
    this.capabilities = capabilities;
    this.eofDeprecated = capabilities.isEofDeprecated();
    this.metadataCached = capabilities.has(Capabilities.MARIADB_CACHE_METADATA);
  }

  /** A request was sent that will be answered. */
  void expect(Command command, Request request) {
    MySqlReply reply = new MySqlReply(request);
    if (current == null) {
      begin(command, reply);
    } else {
      waiting.add(reply);
    }
  }

  /** The answer that the stream is in or before; null when nothing is under way. */
  @Nullable MySqlReply current() {
    return current;
  }

  /** The client has sent all of the data that the server waited for. */
  void dataSent() {
    if (current != null) {
      current.clientData(false);
    }
  }

  /** Whether an answer is expected of which nothing was read yet. */
  boolean isBeforeAnswer() {
    MySqlReply next = current;
    return next != null && next.bytes() == 0;
  }

  /** Whether the last status word says that a transaction is open. */
  boolean isInTransaction() {
    return (status & ServerStatus.IN_TRANSACTION) != 0;
  }

  /** What the server said unasked before it closes the connection, or null. */
  @Nullable ReplyError farewell() {
    return farewell;
  }

  /**
   * Walks to the end of the current answer or of the chunk.
   *
   * @return the index where it stopped
   * @throws ProtocolException if the server sends what cannot be an answer
   */
  int walk(ByteBuf chunk, int from) {
    MySqlReply reply = current;
    if (reply != null && reply.wantsClientData()) {
      // Even half a packet says that it has got them, or that it wants no more.
      reply.clientData(false);
    }
    return walker.walk(chunk, from, this);
  }

  /** Goes on to the next answer; call it when the current one is complete. */
  void advance() {
    current = null;
    phase = Phase.IDLE;
    outParameters = false;
    MySqlReply next = waiting.poll();
    if (next != null) {
      begin(BackendCommands.of(next.request()), next);
    }
  }

  private void begin(Command command, MySqlReply reply) {
    current = reply;
    phase =
        switch (command) {
          case STMT_PREPARE -> Phase.PREPARED;
          case STMT_FETCH -> Phase.ROWS;
          case FIELD_LIST -> Phase.FIELDS;
          case STATISTICS -> Phase.TEXT;
          case BINLOG_DUMP, BINLOG_DUMP_GTID -> Phase.EVENTS;
          case CHANGE_USER -> Phase.LOGIN;
          default -> Phase.RESPONSE;
        };
  }

  @Override
  public int onPacket(int length, int sequence, int firstByte, boolean continuation) {
    if (continuation) {
      return 0;
    }
    if (firstByte == ErrPacket.HEADER) {
      kind = Kind.ERROR;
      return ERROR_HEAD;
    }
    kind = kindOf(length, firstByte);
    return switch (kind) {
      case OK -> OK_HEAD;
      case EOF -> eofHead(length);
      case COLUMN_COUNT -> COUNT_HEAD;
      case PREPARE_OK -> ComStmtPrepareOk.LENGTH;
      case ERROR, PROGRESS, OTHER, CLIENT_DATA -> 0;
    };
  }

  private Kind kindOf(int length, int firstByte) {
    return switch (phase) {
      case IDLE ->
          throw ProtocolException.malformed(
              "server: a packet of " + length + " bytes unasked (expected: none)");
      case RESPONSE -> response(length, firstByte);
      case COLUMNS_END -> {
        if (firstByte != EofPacket.HEADER || length >= EofPacket.LENGTH_LIMIT) {
          throw ProtocolException.malformed(
              "columns: a packet with " + firstByte + " behind them (expected: EOF)");
        }
        yield Kind.EOF;
      }
      case ROWS, FIELDS -> isEnd(length, firstByte) ? Kind.EOF : Kind.OTHER;
      case PREPARED -> {
        if (firstByte != OkPacket.HEADER) {
          throw ProtocolException.malformed(
              "prepared statement: first byte " + firstByte + " (expected: 0)");
        }
        yield Kind.PREPARE_OK;
      }
      case EVENTS ->
          firstByte == EofPacket.HEADER && length < EofPacket.LENGTH_LIMIT ? Kind.EOF : Kind.OTHER;
      case LOGIN -> firstByte == OkPacket.HEADER ? Kind.OK : Kind.CLIENT_DATA;
      case COLUMNS, DEFINITIONS, TEXT -> Kind.OTHER;
    };
  }

  private static Kind response(int length, int firstByte) {
    return switch (firstByte) {
      case OkPacket.HEADER -> Kind.OK;
      case LOCAL_INFILE -> Kind.CLIENT_DATA;
      case EofPacket.HEADER -> {
        if (length >= EofPacket.LENGTH_LIMIT) {
          throw ProtocolException.malformed("answer: first byte 254 (expected: OK or columns)");
        }
        yield Kind.EOF;
      }
      case -1 ->
          throw ProtocolException.malformed("answer: an empty packet (expected: a full one)");
      default -> Kind.COLUMN_COUNT;
    };
  }

  /**
   * A row can begin with the same byte as the end: the first value is then 16 MiB or longer, and so
   * is the packet.
   */
  private boolean isEnd(int length, int firstByte) {
    return firstByte == EofPacket.HEADER
        && length < (eofDeprecated ? Packets.MAX_PAYLOAD : EofPacket.LENGTH_LIMIT);
  }

  /** With deprecated EOF packets the end of a result set has the form of an OK packet. */
  private boolean hasOkForm(int length) {
    return eofDeprecated && length > EofPacket.LENGTH;
  }

  private int eofHead(int length) {
    return hasOkForm(length) ? OK_HEAD : EofPacket.LENGTH;
  }

  @Override
  public void onHead(ByteBuf head) {
    if (kind == Kind.ERROR && isProgress(head)) {
      kind = Kind.PROGRESS;
      return;
    }
    if (kind == Kind.ERROR) {
      ReplyError error = ErrPacket.decode(head).error();
      MySqlReply reply = current;
      if (reply == null) {
        farewell = error;
      } else {
        reply.fail(error);
      }
      return;
    }
    MySqlReply reply = require();
    switch (kind) {
      case OK -> ok(reply, head);
      case EOF -> {
        if (hasOkForm(head.readableBytes())) {
          ok(reply, head);
        } else {
          EofPacket eof = EofPacket.decode(head);
          status(reply, eof.status(), eof.warnings());
        }
      }
      case COLUMN_COUNT -> {
        long count = WireReader.lenenc(head);
        if (count < 1 || count > MAX_COLUMNS) {
          throw ProtocolException.malformed("columns: " + count + " (expected: 1 to 65535)");
        }
        // MariaDB leaves out the columns that the client knows from the prepared statement.
        left = metadataCached && WireReader.u1(head) == 0 ? 0 : (int) count;
        reply.beginResultSet();
      }
      case PREPARE_OK -> {
        ComStmtPrepareOk prepared = ComStmtPrepareOk.decode(head);
        reply.prepared(prepared.statementId());
        left = definitions(prepared.parameters()) + definitions(prepared.columns());
      }
      case ERROR, PROGRESS, OTHER, CLIENT_DATA -> {}
    }
  }

  private boolean isProgress(ByteBuf head) {
    return capabilities.has(Capabilities.MARIADB_PROGRESS)
        && head.readableBytes() > Short.BYTES
        && head.getUnsignedShortLE(head.readerIndex() + 1) == PROGRESS_REPORT;
  }

  private int definitions(int count) {
    return count == 0 || eofDeprecated ? count : count + 1;
  }

  private void ok(MySqlReply reply, ByteBuf head) {
    WireReader.u1(head);
    reply.changed(WireReader.lenenc(head), WireReader.lenenc(head));
    int word = WireReader.u2(head);
    status(reply, word, WireReader.u2(head));
  }

  private void status(MySqlReply reply, int word, int warnings) {
    status = word;
    reply.status(word, warnings);
  }

  @Override
  public boolean onEnd(int end) {
    MySqlReply reply = current;
    if (reply == null || kind == Kind.ERROR) {
      return false;
    }
    if (kind == Kind.PROGRESS) {
      reply.clientData(false);
      return true;
    }
    reply.clientData(kind == Kind.CLIENT_DATA);
    if (kind == Kind.CLIENT_DATA) {
      return true;
    }
    return switch (phase) {
      case RESPONSE -> {
        if (kind == Kind.COLUMN_COUNT) {
          phase = left > 0 ? Phase.COLUMNS : behindColumns();
          yield true;
        }
        yield endOfResult(reply);
      }
      case COLUMNS -> {
        left--;
        if (left == 0) {
          phase = behindColumns();
        }
        yield true;
      }
      case COLUMNS_END -> {
        if ((status & ServerStatus.CURSOR_EXISTS) != 0) {
          yield endOfResult(reply);
        }
        outParameters = (status & ServerStatus.PS_OUT_PARAMS) != 0;
        phase = Phase.ROWS;
        yield true;
      }
      case ROWS -> {
        if (kind == Kind.EOF) {
          yield endOfResult(reply);
        }
        reply.addRow();
        yield true;
      }
      case PREPARED -> {
        phase = Phase.DEFINITIONS;
        yield left > 0 || finish(reply);
      }
      case DEFINITIONS -> {
        left--;
        yield left > 0 || finish(reply);
      }
      case FIELDS, EVENTS -> kind != Kind.EOF || finish(reply);
      case TEXT, LOGIN -> finish(reply);
      case IDLE -> false;
    };
  }

  private Phase behindColumns() {
    return eofDeprecated ? Phase.ROWS : Phase.COLUMNS_END;
  }

  private boolean endOfResult(MySqlReply reply) {
    // An OK always follows output parameters, but MySQL does not say so in their last EOF.
    boolean more = (status & ServerStatus.MORE_RESULTS) != 0 || outParameters;
    outParameters = false;
    if (more && isQuery(reply)) {
      phase = Phase.RESPONSE;
      return true;
    }
    return finish(reply);
  }

  private static boolean isQuery(MySqlReply reply) {
    return BackendCommands.of(reply.request()) != Command.STMT_FETCH;
  }

  private static boolean finish(MySqlReply reply) {
    reply.finish();
    return false;
  }

  private MySqlReply require() {
    MySqlReply reply = current;
    if (reply == null) {
      throw new IllegalStateException("phase: " + phase + " (expected: an answer under way)");
    }
    return reply;
  }

  @Override
  public String toString() {
    return "ReplyTracker[phase="
        + phase
        + ", waiting="
        + waiting.size()
        + ", "
        + capabilities
        + "]";
  }
}

package io.sluice.mysql.result;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.EofPacket;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to one statement in the text format from its chunks and keeps all of it in
 * memory, up to a limit. Of several results the last one counts. Not thread-safe.
 */
public final class ResultSetReader {

  /** The limit of an answer, in bytes, unless another is given. */
  public static final int DEFAULT_LIMIT = 64 << 20;

  private enum State {
    START,
    COLUMNS,
    COLUMNS_END,
    ROWS,
    DONE
  }

  private final Capabilities capabilities;
  private final int limit;
  private final ByteBuf pending = Unpooled.buffer(0);
  private State state = State.START;
  private int columnsLeft;
  private long fed;
  private List<ColumnDefinition> columns = new ArrayList<>();
  private List<byte[][]> rows = new ArrayList<>();
  private @Nullable ResultSet result;
  private @Nullable ReplyError error;

  /** A reader with the default limit. */
  public ResultSetReader(Capabilities capabilities) {
    this(capabilities, DEFAULT_LIMIT);
  }

  /**
   * A reader.
   *
   * @param capabilities what was agreed on the connection
   * @param limit of the answer, in bytes
   */
  public ResultSetReader(Capabilities capabilities, int limit) {
    this.capabilities = capabilities;
    this.limit = limit;
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk ownership goes with the call
   * @throws ProtocolException if it is no answer in the text format or larger than the limit
   */
  public void feed(ByteBuf chunk) {
    try {
      fed += chunk.readableBytes();
      if (fed > limit) {
        throw new ProtocolException(
            ErrorCode.PACKET_TOO_LARGE, "answer: " + fed + " bytes (expected: <= " + limit + ")");
      }
      pending.writeBytes(chunk);
      int length = wholePayload();
      while (length > 0) {
        ByteBuf payload = Packets.joinPayload(pending.readSlice(length));
        try {
          take(payload);
        } finally {
          payload.release();
        }
        length = wholePayload();
      }
      pending.discardSomeReadBytes();
    } finally {
      chunk.release();
    }
  }

  /** Whether the answer is at its end. */
  public boolean isDone() {
    return state == State.DONE;
  }

  /** The error that ended the answer, or null. */
  public @Nullable ReplyError error() {
    return error;
  }

  /**
   * The answer.
   *
   * @throws IllegalStateException before its end, and if it was an error
   */
  public ResultSet result() {
    ResultSet last = result;
    if (state != State.DONE || last == null) {
      throw new IllegalStateException("answer: " + (error == null ? state : error));
    }
    return last;
  }

  /** The length of the next payload with all its headers; 0 when it is not there as a whole. */
  private int wholePayload() {
    int at = pending.readerIndex();
    while (pending.writerIndex() - at >= Packets.HEADER) {
      int length = Packets.payloadLength(pending, at);
      at += Packets.HEADER + length;
      if (at > pending.writerIndex()) {
        return 0;
      }
      if (length < Packets.MAX_PAYLOAD) {
        return at - pending.readerIndex();
      }
    }
    return 0;
  }

  private void take(ByteBuf payload) {
    if (!payload.isReadable() && state != State.ROWS) {
      throw ProtocolException.malformed("answer: empty packet (expected: " + state + ")");
    }
    int first = payload.isReadable() ? payload.getUnsignedByte(payload.readerIndex()) : -1;
    if (first == ErrPacket.HEADER && state != State.DONE) {
      error = ErrPacket.decode(payload).error();
      state = State.DONE;
      return;
    }
    switch (state) {
      case START -> start(first, payload);
      case COLUMNS -> column(payload);
      case COLUMNS_END -> {
        EofPacket.decode(payload);
        state = State.ROWS;
      }
      case ROWS -> row(first, payload);
      case DONE -> throw ProtocolException.malformed("answer: a packet behind its end");
    }
  }

  private void start(int first, ByteBuf payload) {
    if (first == OkPacket.HEADER) {
      end(OkPacket.decode(payload, capabilities));
      return;
    }
    if (first == EofPacket.HEADER && payload.readableBytes() < EofPacket.LENGTH_LIMIT) {
      EofPacket eof = EofPacket.decode(payload);
      end(new OkPacket(0, 0, eof.status(), eof.warnings(), ""));
      return;
    }
    long count = WireReader.lenenc(payload);
    if (count <= 0 || count > 0xffff) {
      throw ProtocolException.malformed("columns: " + count + " (expected: 1 to 65535)");
    }
    columnsLeft = (int) count;
    columns = new ArrayList<>();
    rows = new ArrayList<>();
    state = State.COLUMNS;
  }

  private void column(ByteBuf payload) {
    columns.add(ColumnDefinition.decode(payload));
    columnsLeft--;
    if (columnsLeft == 0) {
      state = capabilities.isEofDeprecated() ? State.ROWS : State.COLUMNS_END;
    }
  }

  private void row(int first, ByteBuf payload) {
    if (first == EofPacket.HEADER && isEnd(payload)) {
      if (capabilities.isEofDeprecated()) {
        end(OkPacket.decode(payload, capabilities));
      } else {
        EofPacket eof = EofPacket.decode(payload);
        end(new OkPacket(0, 0, eof.status(), eof.warnings(), ""));
      }
      return;
    }
    byte[][] row = new byte[columns.size()][];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(payload);
    }
    WireReader.end(payload, "row");
    rows.add(row);
  }

  @SuppressWarnings("NullAway") // elements of a row may be null; ResultSet hands them out as such
  private static byte[] value(ByteBuf payload) {
    return WireReader.nullableLenencBytes(payload);
  }

  private boolean isEnd(ByteBuf payload) {
    return payload.readableBytes()
        < (capabilities.isEofDeprecated() ? Packets.MAX_PAYLOAD : EofPacket.LENGTH_LIMIT);
  }

  private void end(OkPacket ok) {
    result = columns.isEmpty() ? new ResultSet(ok) : new ResultSet(columns, rows, ok);
    columns = new ArrayList<>();
    rows = new ArrayList<>();
    state = (ok.status() & ServerStatus.MORE_RESULTS) != 0 ? State.START : State.DONE;
  }
}

package io.sluice.mysql.result;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.EofPacket;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole answers as framed bytes: OK, an error, or a result set in the text format. Use one
 * for one answer: columns, rows, then {@link #finish} hands out the bytes, or {@link #abandon}
 * drops them. The first packet of an answer to a command has the sequence 1. Not thread-safe.
 */
public final class ResultSetWriter {

  private final ByteBufAllocator allocator;
  private final Capabilities capabilities;
  private ByteBuf out;
  private int sequence;
  private int columnCount = -1;

  /**
   * A writer.
   *
   * @param allocator where the bytes come from
   * @param firstSequence the number of the first packet
   * @param capabilities what was agreed with the receiver
   */
  public ResultSetWriter(ByteBufAllocator allocator, int firstSequence, Capabilities capabilities) {
    this.allocator = allocator;
    this.capabilities = capabilities;
    this.sequence = firstSequence;
    this.out = allocator.buffer();
  }

  /** An OK packet. */
  public static ByteBuf ok(
      ByteBufAllocator allocator, int sequence, Capabilities capabilities, OkPacket ok) {
    return Packets.frame(allocator, sequence, ok::encode);
  }

  /** An ERR packet. */
  public static ByteBuf error(
      ByteBufAllocator allocator, int sequence, Capabilities capabilities, ReplyError error) {
    return Packets.frame(
        allocator, sequence, payload -> ErrPacket.of(error).encode(payload, capabilities));
  }

  /** An EOF packet, as COM_SET_OPTION is answered and dumps end. */
  public static ByteBuf eof(ByteBufAllocator allocator, int sequence, int status) {
    return Packets.frame(allocator, sequence, new EofPacket(0, status)::encode);
  }

  /** Begins the result set. */
  public ResultSetWriter columns(List<ColumnDefinition> columns) {
    columnCount = columns.size();
    packet(
        payload -> {
          WireWriter.lenenc(payload, columnCount);
          if (capabilities.has(Capabilities.MARIADB_CACHE_METADATA)) {
            WireWriter.u1(payload, 1);
          }
        });
    for (ColumnDefinition column : columns) {
      packet(payload -> column.encode(payload, capabilities));
    }
    if (!capabilities.isEofDeprecated()) {
      packet(new EofPacket(0, 0)::encode);
    }
    return this;
  }

  /** Begins the result set. */
  public ResultSetWriter columns(ColumnDefinition... columns) {
    return columns(List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @param values one for each column: null, bytes, or anything else as its text
   */
  public ResultSetWriter row(@Nullable Object... values) {
    if (values.length != columnCount) {
      throw new IllegalArgumentException(
          "values: " + values.length + " (expected: " + columnCount + ")");
    }
    packet(
        payload -> {
          for (@Nullable Object value : values) {
            WireWriter.nullableLenencBytes(payload, bytes(value));
          }
        });
    return this;
  }

  /**
   * Ends the result set.
   *
   * @param status the status word
   * @return the whole answer; owned by the caller
   */
  public ByteBuf finish(int status) {
    if (capabilities.isEofDeprecated()) {
      packet(payload -> new OkPacket(0, 0, status, 0, "").encodeAsEof(payload));
    } else {
      packet(new EofPacket(0, status)::encode);
    }
    return out;
  }

  /**
   * Hands out what was written so far, for answers that are sent piece by piece; more may be
   * written.
   *
   * @return owned by the caller
   */
  public ByteBuf take() {
    ByteBuf taken = out;
    out = allocator.buffer();
    return taken;
  }

  /**
   * Ends the result set with an error.
   *
   * @return the rest of the answer; owned by the caller
   */
  public ByteBuf fail(ReplyError error) {
    packet(payload -> ErrPacket.of(error).encode(payload, capabilities));
    return out;
  }

  /** Drops what was written. */
  public void abandon() {
    out.release();
  }

  private static byte @Nullable [] bytes(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    return value instanceof byte[] bytes
        ? bytes
        : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
  }

  private void packet(Consumer<ByteBuf> writer) {
    ByteBuf framed = Packets.frame(allocator, sequence, writer);
    try {
      sequence = (sequence + Packets.count(framed)) & 0xff;
      out.writeBytes(framed);
    } finally {
      framed.release();
    }
  }
}

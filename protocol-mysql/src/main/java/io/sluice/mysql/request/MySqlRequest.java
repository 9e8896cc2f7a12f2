package io.sluice.mysql.request;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.api.session.Message;
import io.sluice.api.session.Request;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is known of a client's request besides its bytes. Immutable. */
public final class MySqlRequest implements Request {

  /** The statement id of requests that have none. */
  public static final long NO_STATEMENT_ID = -1;

  private final Command command;
  private final int code;
  private final @Nullable Statement statement;
  private final long statementId;
  private final int textOffset;

  /**
   * A request.
   *
   * @param code the command byte
   * @param statement what the analysis of the statement found; null when none was made
   * @param statementId the prepared statement that it is about, or {@link #NO_STATEMENT_ID}
   */
  public MySqlRequest(int code, @Nullable Statement statement, long statementId) {
    this(code, statement, statementId, 1);
  }

  /**
   * A request.
   *
   * @param code the command byte
   * @param statement what the analysis of the statement found; null when none was made
   * @param statementId the prepared statement that it is about, or {@link #NO_STATEMENT_ID}
   * @param textOffset where the statement's text begins in the payload: behind the command byte and
   *     the attributes if there are any; -1 if that is not known
   */
  public MySqlRequest(int code, @Nullable Statement statement, long statementId, int textOffset) {
    this.command = Command.of(code);
    this.code = code;
    this.statement = statement;
    this.statementId = statementId;
    this.textOffset = textOffset;
  }

  /** A request without anything but a command. */
  public static MySqlRequest of(Command command) {
    return new MySqlRequest(command.code(), null, NO_STATEMENT_ID);
  }

  /** The command, {@link Command#UNKNOWN} when the byte is none. */
  public Command command() {
    return command;
  }

  /** The command byte. */
  public int code() {
    return code;
  }

  /** What the analysis of the statement found; null when none was made. */
  public @Nullable Statement statement() {
    return statement;
  }

  /** The prepared statement that it is about, or {@link #NO_STATEMENT_ID}. */
  public long statementId() {
    return statementId;
  }

  /** Where the statement's text begins in the payload; -1 if that is not known. */
  public int textOffset() {
    return textOffset;
  }

  @Override
  public String name() {
    return command == Command.UNKNOWN ? "COM_0x" + Integer.toHexString(code) : command.label();
  }

  @Override
  public boolean expectsReply() {
    return command.expectsReply();
  }

  @Override
  public String toString() {
    return "MySqlRequest[" + name() + "]";
  }

  /** A statement as a whole message. */
  public static Message query(String sql) {
    requireNonNull(sql, "sql");
    ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    ByteBuf framed =
        Packets.frame(
            allocator,
            0,
            out -> {
              WireWriter.u1(out, Command.QUERY.code());
              WireWriter.string(out, sql);
            });
    return Message.whole(of(Command.QUERY), framed);
  }

  /**
   * A command as a whole message.
   *
   * @param rest the payload behind the command byte; ownership goes with the call
   */
  public static Message command(Command command, ByteBuf rest) {
    ByteBuf framed;
    try {
      framed =
          Packets.frame(
              UnpooledByteBufAllocator.DEFAULT,
              0,
              out -> {
                WireWriter.u1(out, command.code());
                out.writeBytes(rest, rest.readerIndex(), rest.readableBytes());
              });
    } finally {
      rest.release();
    }
    return Message.whole(of(command), framed);
  }

  /**
   * The text of COM_QUERY and COM_STMT_PREPARE.
   *
   * @return a view of the message's bytes, not retained; null for other commands and for requests
   *     that are not here as a whole in one packet
   */
  public static @Nullable ByteBuf sqlBytes(Message message) {
    ByteBuf content = message.content();
    int start = content.readerIndex();
    if (!message.isFirst()
        || !message.isLast()
        || !(message.request() instanceof MySqlRequest request)
        || (request.command != Command.QUERY && request.command != Command.STMT_PREPARE)
        || request.textOffset < 0
        || content.readableBytes() < Packets.HEADER + request.textOffset
        || Packets.payloadLength(content, start) != content.readableBytes() - Packets.HEADER) {
      return null;
    }
    int text = start + Packets.HEADER + request.textOffset;
    return content.slice(text, content.writerIndex() - text);
  }

  /**
   * The text of COM_QUERY and COM_STMT_PREPARE, taken as UTF-8.
   *
   * @return null where {@link #sqlBytes} is
   */
  public static @Nullable String sql(Message message) {
    ByteBuf bytes = sqlBytes(message);
    return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
  }
}

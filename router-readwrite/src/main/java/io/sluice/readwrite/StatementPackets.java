package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.Message;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.WireWriter;

/**
 * Reads and changes the packets about binary prepared statements. Source: the COM_STMT_EXECUTE and
 * COM_STMT_PREPARE pages of the public MariaDB protocol reference.
 */
final class StatementPackets {

  /** The number in COM_STMT_EXECUTE that means the statement that was prepared last. */
  static final long LAST_PREPARED = 0xffffffffL;

  /** How much of the answer to COM_STMT_PREPARE holds what is to be read and changed. */
  static final int PREPARED_HEAD = Packets.HEADER + 9;

  private static final int ID = Packets.HEADER + 1;
  private static final int PARAMETER_COUNT = Packets.HEADER + 7;
  private static final int BITMAP = Packets.HEADER + 10;

  private StatementPackets() {}

  /** Writes a statement's number into a request. */
  static void setId(ByteBuf request, long id) {
    request.setIntLE(request.readerIndex() + ID, (int) id);
  }

  /** Whether the head of an answer to COM_STMT_PREPARE says that it worked. */
  static boolean isPrepared(ByteBuf head) {
    return head.readableBytes() >= PREPARED_HEAD
        && head.getByte(head.readerIndex() + Packets.HEADER) == 0;
  }

  /** Writes a statement's number into the head of an answer to COM_STMT_PREPARE. */
  static void setPreparedId(ByteBuf head, long id) {
    head.setIntLE(head.readerIndex() + ID, (int) id);
  }

  /** The number of parameters in the head of an answer to COM_STMT_PREPARE. */
  static int parameters(ByteBuf head) {
    return head.getUnsignedShortLE(head.readerIndex() + PARAMETER_COUNT);
  }

  /**
   * The parameter types in a whole COM_STMT_EXECUTE.
   *
   * @return an empty array when the client sent none because it sent them before
   */
  static byte[] types(ByteBuf execute, int parameters) {
    int flag = flagIndex(execute, parameters);
    int end = flag + 1 + 2 * parameters;
    if (parameters == 0
        || end > execute.readerIndex() + execute.readableBytes()
        || execute.getByte(flag) != 1) {
      return new byte[0];
    }
    byte[] types = new byte[2 * parameters];
    execute.getBytes(flag + 1, types);
    return types;
  }

  /** A COM_STMT_EXECUTE like this one, with types put in; the old one is released. */
  static ByteBuf withTypes(ByteBuf execute, int parameters, byte[] types) {
    int start = execute.readerIndex() + Packets.HEADER;
    int flag = flagIndex(execute, parameters);
    int end = execute.writerIndex();
    if (flag >= end) {
      return execute;
    }
    ByteBuf payload = execute.alloc().buffer(end - start + types.length);
    payload.writeBytes(execute, start, flag - start);
    payload.writeByte(1);
    payload.writeBytes(types);
    payload.writeBytes(execute, flag + 1, end - flag - 1);
    ByteBuf framed = Packets.frame(execute.alloc(), 0, payload);
    execute.release();
    return framed;
  }

  /** COM_STMT_CLOSE and COM_STMT_RESET: a command with nothing but a number. */
  static Message simple(ByteBuf allocatedLike, Command command, long id) {
    ByteBuf framed =
        Packets.frame(
            allocatedLike.alloc(),
            0,
            out -> {
              WireWriter.u1(out, command.code());
              WireWriter.u4(out, id);
            });
    return Message.whole(new MySqlRequest(command.code(), null, id), framed);
  }

  private static int flagIndex(ByteBuf execute, int parameters) {
    return execute.readerIndex() + BITMAP + (parameters + 7) / 8;
  }
}

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
}

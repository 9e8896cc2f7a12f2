package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.Message;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Reads the arguments of small commands; looks at messages only. Stateless. */
final class CommandPayload {
  private static final int OPTION_LENGTH = 3;
  private static final int ID_LENGTH = 5;

  private CommandPayload() {}

  private static <T> T read(Message message, Function<ByteBuf, T> reader) {
    ByteBuf payload = Packets.joinPayload(message.content());
    try {
      return reader.apply(payload);
    } finally {
      payload.release();
    }
  }

  /** COM_SET_OPTION: whether requests may hold several statements. */
  static boolean severalStatements(Message message) {
    int option =
        read(
            message,
            payload ->
                payload.readableBytes() == OPTION_LENGTH ? payload.getUnsignedShortLE(1) : -1);
    if (option != 0 && option != 1) {
      throw new ProtocolException(ErrorCode.UNKNOWN_COMMAND, "Unknown command");
    }
    return option == 0;
  }

  /** COM_INIT_DB: the database. */
  static String database(Message message) {
    return read(message, payload -> payload.skipBytes(1).toString(StandardCharsets.UTF_8));
  }

  /** COM_PROCESS_KILL: the session. */
  static long killed(Message message) {
    return read(
        message,
        payload -> {
          if (payload.readableBytes() != ID_LENGTH) {
            throw new ProtocolException(
                ErrorCode.MALFORMED_PACKET, "Malformed communication packet");
          }
          return payload.getUnsignedIntLE(payload.readerIndex() + 1);
        });
  }
}

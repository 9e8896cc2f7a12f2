package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;

/**
 * Where the types of the parameters stand in a request that executes a prepared statement, or would
 * stand. Clients send them once; a server that has not seen them needs them. Immutable. Source: the
 * COM_STMT_EXECUTE and COM_STMT_BULK_EXECUTE pages of the public MariaDB and MySQL protocol
 * references.
 *
 * @param flag the index of the byte that says whether they are sent; -1 if there is no place
 * @param bit what it has then
 * @param from the index where they begin
 * @param length of them; 0 if they are not sent
 * @param count how many parameters there are, attributes included
 */
record ParameterTypes(int flag, int bit, int from, int length, int count) {

  private static final ParameterTypes NOWHERE = new ParameterTypes(-1, 0, 0, 0, 0);

  // Behind the command byte: number 4; flags 1 or 2; number of iterations 4, in the first only.
  private static final int EXECUTE_FLAGS = Packets.HEADER + 5;
  private static final int EXECUTE_REST = Packets.HEADER + 10;
  private static final int BULK_FLAGS = Packets.HEADER + 5;
  private static final int BULK_REST = Packets.HEADER + 7;

  private static final int COUNT_AVAILABLE = 8;
  private static final int TYPES_BOUND = 1;
  private static final int BULK_TYPES = 128;
  private static final int TYPE = 2;

  /**
   * In COM_STMT_EXECUTE.
   *
   * @param parameters of the statement
   * @param attributes whether the number of parameters, and a name for each, are sent too
   */
  static ParameterTypes ofExecute(ByteBuf execute, int parameters, boolean attributes) {
    int start = execute.readerIndex();
    if (execute.readableBytes() <= EXECUTE_REST) {
      return NOWHERE;
    }
    boolean counted =
        attributes
            && (parameters > 0 || (execute.getByte(start + EXECUTE_FLAGS) & COUNT_AVAILABLE) != 0);
    ByteBuf in = execute.slice(start + EXECUTE_REST, execute.readableBytes() - EXECUTE_REST);
    try {
      int count = counted ? WireReader.length(in) : parameters;
      if (count == 0) {
        return NOWHERE;
      }
      WireReader.skip(in, (count + 7) / 8);
      int flag = start + EXECUTE_REST + in.readerIndex();
      boolean sent = WireReader.u1(in) == TYPES_BOUND;
      int from = in.readerIndex();
      for (int i = 0; sent && i < count; i++) {
        WireReader.skip(in, TYPE);
        if (attributes) {
          WireReader.skip(in, WireReader.length(in));
        }
      }
      return new ParameterTypes(flag, TYPES_BOUND, flag + 1, in.readerIndex() - from, count);
    } catch (ProtocolException e) {
      // Whatever is wrong with it, the server will tell.
      return NOWHERE;
    }
  }

  /** In COM_STMT_BULK_EXECUTE. */
  static ParameterTypes ofBulkExecute(ByteBuf bulk, int parameters) {
    int start = bulk.readerIndex();
    int length = TYPE * parameters;
    if (bulk.readableBytes() < BULK_REST) {
      return NOWHERE;
    }
    boolean sent = (bulk.getByte(start + BULK_FLAGS) & BULK_TYPES) != 0;
    if (sent && bulk.readableBytes() < BULK_REST + length) {
      return NOWHERE;
    }
    return new ParameterTypes(
        start + BULK_FLAGS, BULK_TYPES, start + BULK_REST, sent ? length : 0, parameters);
  }

  /** Whether the client sends them. */
  boolean areSent() {
    return length > 0;
  }

  /** What the client sends. */
  byte[] read(ByteBuf request) {
    byte[] types = new byte[length];
    request.getBytes(from, types);
    return types;
  }

  /** Whether there is a place for these, which were sent with an earlier request. */
  boolean fits(byte[] types) {
    return flag >= 0 && types.length >= TYPE * count;
  }

  /** A request like this one with types put in; the old one is released. */
  ByteBuf insert(ByteBuf request, byte[] types) {
    int start = request.readerIndex() + Packets.HEADER;
    int end = request.writerIndex();
    ByteBuf payload = request.alloc().buffer(end - start + types.length);
    payload.writeBytes(request, start, from - start);
    payload.setByte(flag - start, payload.getByte(flag - start) | bit);
    payload.writeBytes(types);
    payload.writeBytes(request, from, end - from);
    ByteBuf framed = Packets.frame(request.alloc(), 0, payload);
    request.release();
    return framed;
  }
}

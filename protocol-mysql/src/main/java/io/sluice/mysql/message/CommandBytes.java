package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;

/** Checks the first byte of payloads. */
final class CommandBytes {

  private CommandBytes() {}

  static void expect(ByteBuf in, Command command) {
    expect(in, command.code(), "command");
  }

  static void expect(ByteBuf in, int code, String what) {
    int first = WireReader.u1(in);
    if (first != code) {
      throw ProtocolException.malformed(what + ": " + first + " (expected: " + code + ")");
    }
  }
}

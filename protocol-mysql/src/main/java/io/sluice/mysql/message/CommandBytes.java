package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;

/** What the payloads of commands have in common. */
final class CommandBytes {

  private CommandBytes() {}

  static void expect(ByteBuf in, Command command) {
    expect(in, command.code(), "command");
  }

  /** A name as servers read it. */
  static String untilZero(String name) {
    int zero = name.indexOf(0);
    return zero < 0 ? name : name.substring(0, zero);
  }

  static void expect(ByteBuf in, int code, String what) {
    int first = WireReader.u1(in);
    if (first != code) {
      throw ProtocolException.malformed(what + ": " + first + " (expected: " + code + ")");
    }
  }
}

package io.sluice.mysql.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.wire.WireWriter;

/** The payload of a command behind its first byte. */
final class CommandBody {
  final ByteBuf out = Unpooled.buffer();

  CommandBody text(String text) {
    WireWriter.string(out, text);
    return this;
  }

  CommandBody u1(int value) {
    WireWriter.u1(out, value);
    return this;
  }

  CommandBody u2(int value) {
    WireWriter.u2(out, value);
    return this;
  }

  CommandBody u4(long value) {
    WireWriter.u4(out, value);
    return this;
  }
}

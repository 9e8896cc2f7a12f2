package io.sluice.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.testkit.wire.HexCapture;
import java.util.function.Consumer;

/** Payloads of captured dialogs, and what every codec must hold. */
final class Golden {

  private Golden() {}

  /** The payload of a packet of a captured session. */
  static ByteBuf payload(String file, int packet) {
    return Unpooled.wrappedBuffer(
        HexCapture.load("/golden/" + file + ".hex")
            .sessions()
            .get(0)
            .messages()
            .get(packet)
            .payload());
  }

  /** The payload of the first packet of a client that begins with this command byte. */
  static ByteBuf command(String file, int command) {
    return HexCapture.load("/golden/" + file + ".hex").sessions().get(0).messages().stream()
        .filter(m -> m.fromClient() && m.sequence() == 0 && (m.payload()[0] & 0xff) == command)
        .map(m -> Unpooled.wrappedBuffer(m.payload()))
        .findFirst()
        .orElseThrow();
  }

  static ByteBuf hex(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  static String hex(Consumer<ByteBuf> encoder) {
    ByteBuf out = Unpooled.buffer();
    encoder.accept(out);
    return ByteBufUtil.hexDump(out);
  }

  /** Any prefix decodes or is refused in the one right way, and nothing changes the bytes. */
  static void assertCut(ByteBuf payload, Consumer<ByteBuf> decoder) {
    String before = ByteBufUtil.hexDump(payload);
    for (int length = 0; length < payload.readableBytes(); length++) {
      try {
        decoder.accept(payload.slice(payload.readerIndex(), length));
      } catch (ProtocolException e) {
        assertThat(e).hasMessageContaining("expected");
      }
    }
    assertThat(ByteBufUtil.hexDump(payload)).isEqualTo(before);
  }
}

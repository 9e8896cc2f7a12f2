package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.testkit.wire.HexCapture;
import java.util.ArrayList;
import java.util.List;

/** The commands of a captured connection with the bytes of their answers. */
record Exchanges(Capabilities agreed, List<Exchange> list) {

  /** One command; the answer is empty for those that get none. */
  record Exchange(Command command, byte[] answer) {}

  static Exchanges load(String name) {
    List<HexCapture.Message> messages =
        HexCapture.load("/golden/" + name + ".hex").sessions().get(0).messages();
    Capabilities server =
        HandshakeV10.decode(Unpooled.wrappedBuffer(messages.get(0).payload())).capabilities();
    Capabilities client =
        HandshakeResponse41.decode(Unpooled.wrappedBuffer(messages.get(1).payload()))
            .capabilities();
    List<Exchange> list = new ArrayList<>();
    Command command = null;
    ByteBuf answer = Unpooled.buffer();
    for (HexCapture.Message message : messages) {
      if (message.fromClient() && message.sequence() == 0) {
        if (command != null) {
          list.add(new Exchange(command, bytes(answer)));
        }
        command = Command.of(message.payload()[0] & 0xff);
        answer.clear();
      } else if (!message.fromClient() && command != null) {
        answer.writeBytes(message.bytes());
      }
    }
    if (command != null) {
      list.add(new Exchange(command, bytes(answer)));
    }
    return new Exchanges(server.and(client), list);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(0, bytes);
    return bytes;
  }
}

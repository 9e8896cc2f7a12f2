package io.sluice.mysql.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.Message;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.Packets;
import org.junit.jupiter.api.Test;

class MySqlRequestTest {

  @Test
  void shouldMakeAStatement() {
    Message message = MySqlRequest.query("select 'é'");

    assertThat(ByteBufUtil.hexDump(message.content()))
        .isEqualTo("0c0000000373656c6563742027c3a927");
    assertThat(message.request().name()).isEqualTo("COM_QUERY");
    assertThat(message.isFirst()).isTrue();
    assertThat(message.isLast()).isTrue();
    assertThat(MySqlRequest.sql(message)).isEqualTo("select 'é'");
    assertThat(message.content().readerIndex()).isZero();
    message.release();
  }

  @Test
  void shouldMakeACommandAndReleaseWhatItWasGiven() {
    ByteBuf rest = Unpooled.buffer().writeByte(7);

    Message message = MySqlRequest.command(Command.STMT_CLOSE, rest);

    assertThat(ByteBufUtil.hexDump(message.content())).isEqualTo("020000001907");
    assertThat(message.request().expectsReply()).isFalse();
    assertThat(rest.refCnt()).isZero();
    message.release();
  }

  @Test
  void shouldFrameAStatementOfManyPackets() {
    Message message = MySqlRequest.query("x".repeat(Packets.MAX_PAYLOAD));

    assertThat(Packets.count(message.content())).isEqualTo(2);
    assertThat(MySqlRequest.sql(message)).isNull();
    message.release();
  }

  @Test
  void shouldGiveNoTextWhereThereIsNone() {
    Message ping = MySqlRequest.command(Command.PING, Unpooled.EMPTY_BUFFER);
    ByteBuf half = Unpooled.wrappedBuffer(new byte[] {9, 0, 0, 0, 3, 'd', 'o'});
    Message part = new Message(MySqlRequest.of(Command.QUERY), half, true, false);
    Message shorter = Message.whole(MySqlRequest.of(Command.QUERY), half);

    assertThat(MySqlRequest.sql(ping)).isNull();
    assertThat(MySqlRequest.sql(part)).isNull();
    assertThat(MySqlRequest.sql(shorter)).isNull();
    ping.release();
  }

  @Test
  void shouldKeepTheNumberOfAnUnknownCommand() {
    MySqlRequest request = new MySqlRequest(0x55, null, MySqlRequest.NO_STATEMENT_ID);

    assertThat(request.command()).isEqualTo(Command.UNKNOWN);
    assertThat(request.code()).isEqualTo(0x55);
    assertThat(request.name()).isEqualTo("COM_0x55");
  }

  @Test
  void shouldFindCommandsByTheirNumber() {
    for (Command command : Command.values()) {
      assertThat(Command.of(command.code())).isEqualTo(command);
    }
    assertThat(Command.of(0x1000)).isEqualTo(Command.UNKNOWN);
  }
}

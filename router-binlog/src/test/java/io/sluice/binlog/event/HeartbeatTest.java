package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  /** As MySQL 9.7 sent it. */
  private static final String NEW =
      "00000000290100000029000000600a00000000010a62696e2e3030303030310203fc600a00afd5ce34";

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }

  @Test
  void shouldReadTheFieldsOfTheNewOne() {
    ByteBuf event = bytes(NEW);
    assertThat(Heartbeat.decode(event, 0, event.readableBytes(), true))
        .isEqualTo(new Heartbeat("bin.000001", 2656));
  }

  @Test
  void shouldPassOverFieldsThatItDoesNotKnow() {
    String unknown = "0702abcd";
    ByteBuf event = bytes(NEW.substring(0, 38) + unknown + NEW.substring(38));
    assertThat(Heartbeat.decode(event, 0, event.readableBytes(), true))
        .isEqualTo(new Heartbeat("bin.000001", 2656));
  }

  @Test
  void shouldReadAPositionBeyondFourGigabytes() {
    ByteBuf event = bytes(NEW.substring(0, 62) + "0209fe0000000002000000" + "00" + "00000000");
    assertThat(Heartbeat.decode(event, 0, event.readableBytes(), true))
        .isEqualTo(new Heartbeat("bin.000001", 2L << 32));
  }

  @Test
  void shouldRefuseEveryPrefix() {
    for (int cut = 0; cut < NEW.length() / 2 - 5; cut++) {
      ByteBuf event = bytes(NEW.substring(0, cut * 2));
      int length = cut;
      if (length >= 19 + 12) {
        // The file's name is there: only the position is missing.
        continue;
      }
      assertThatThrownBy(() -> Heartbeat.decode(event, 0, length, false))
          .as("prefix of " + cut)
          .isInstanceOf(BinlogFormatException.class);
    }
  }

  @Test
  void shouldRefuseAFieldThatIsLongerThanTheEvent() {
    ByteBuf event = bytes(NEW.replace("010a62", "01ff62"));
    assertThatThrownBy(() -> Heartbeat.decode(event, 0, event.readableBytes(), true))
        .isInstanceOf(BinlogFormatException.class);
    ByteBuf longer = bytes(NEW.replace("010a62", "012062"));
    assertThatThrownBy(() -> Heartbeat.decode(longer, 0, longer.readableBytes(), true))
        .isInstanceOf(BinlogFormatException.class);
  }
}

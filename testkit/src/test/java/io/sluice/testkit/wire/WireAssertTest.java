package io.sluice.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WireAssertTest {
  private static final byte[] TWO = {2, 'a', 'b', 1, 'c'};
  private static final byte[] ONE = {2, 'a', 'b'};

  @Test
  void shouldFindBothFramesByDripping() {
    assertThat(WireAssert.assertDrip(WireAssertTest::frames, TWO, WireAssertTest::text))
        .containsExactly("\u0002ab", "\u0001c");
  }

  @Test
  void shouldAcceptADecoderThatWaitsForTheWholeFrame() {
    WireAssert.assertCut(WireAssertTest::frames, ONE);
  }

  @Test
  void shouldRefuseADecoderThatPassesParts() {
    assertThatThrownBy(() -> WireAssert.assertCut(EmbeddedChannel::new, ONE))
        .hasMessageContaining("bytes yield");
  }

  @Test
  void shouldReadAndWriteGoldenText() {
    byte[] bytes = GoldenBytes.parse("0a 35 # version\n2e\n\n# nothing\n");
    assertThat(bytes).containsExactly(0x0a, 0x35, 0x2e);
    assertThat(GoldenBytes.parse(GoldenBytes.format(bytes))).isEqualTo(bytes);
  }

  @Test
  void shouldReadCaptures() {
    HexCapture capture =
        HexCapture.parse(
            "# session: a / connection 1\nS 0100000041\nC 0200000142 43\n"
                .replace("42 43", "4243"));
    HexCapture.Session session = capture.session("a / connection 1");
    assertThat(session.sentBy(true)).containsExactly(new byte[] {2, 0, 0, 1, 0x42, 0x43});
    assertThat(session.messages().get(1).sequence()).isEqualTo(1);
    assertThat(session.messages().get(0).payload()).containsExactly(0x41);
  }

  private static EmbeddedChannel frames() {
    return new EmbeddedChannel(new LengthFieldBasedFrameDecoder(100, 0, 1));
  }

  private static String text(Object message) {
    return ((ByteBuf) message).toString(StandardCharsets.ISO_8859_1);
  }
}

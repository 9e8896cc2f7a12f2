package io.sluice.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.testkit.memory.Allocations;
import io.sluice.testkit.random.RandomInput;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** COM_BINLOG_DUMP_GTID with any body: read or refused, and lengths are not believed. */
class HostileDumpRequestTest {
  @Test
  void shouldReadOrRefuseAnyBody() {
    RandomInput.run(
        20_000,
        random -> {
          byte[] body = body(random);
          Allocations.assertBounded(() -> readOrRefuse(body));
        });
  }

  private static void readOrRefuse(byte[] body) {
    try {
      ComBinlogDumpGtid.decode(Unpooled.wrappedBuffer(body));
    } catch (ProtocolException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  private static byte[] body(Random random) {
    byte[] set = new byte[random.nextInt(60)];
    random.nextBytes(set);
    ByteBuf out = Unpooled.buffer();
    new ComBinlogDumpGtid(random.nextInt(8), random.nextInt(), "m-bin.000001", 4, set).encode(out);
    byte[] body = new byte[out.readableBytes()];
    out.readBytes(body);
    for (int change = random.nextInt(5); change > 0; change--) {
      body[1 + random.nextInt(body.length - 1)] =
          (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(body, 1 + random.nextInt(body.length)) : body;
  }

  @Test
  void shouldNotBelieveLengths() {
    for (String length : new String[] {"ffffffff", "ffffff7f", "00000080"}) {
      ByteBuf name = body("1e" + "0000" + "01000000" + length + "6d");
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> ComBinlogDumpGtid.decode(name));
      ByteBuf set =
          body("1e" + "0000" + "01000000" + "00000000" + "0400000000000000" + length + "00");
      Allocations.assertBounded(
          () ->
              assertThatExceptionOfType(ProtocolException.class)
                  .isThrownBy(() -> ComBinlogDumpGtid.decode(set.duplicate())));
    }
  }

  private static ByteBuf body(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }
}

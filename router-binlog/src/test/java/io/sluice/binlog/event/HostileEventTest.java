package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.testkit.memory.Allocations;
import io.sluice.testkit.random.RandomInput;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** PREVIOUS_GTIDS and GTID events of MySQL with any content: read or refused, nothing else. */
class HostileEventTest {

  @Test
  void shouldReadOrRefuseAnyPreviousGtids() {
    RandomInput.run(
        20_000,
        random -> {
          ByteBuf body = Unpooled.buffer();
          MySqlGtidSet.parse(
                  "12345678-1234-5678-1234-567812345678:1-"
                      + (1 + random.nextInt(99))
                      + (random.nextBoolean() ? ":tag:5-9:77" : ""))
              .encode(body, false);
          byte[] content =
              random.nextInt(4) == 0
                  ? RandomInput.bytes(random, 99)
                  : RandomInput.mutated(random, body);
          ByteBuf event = event(EventType.PREVIOUS_GTIDS, content);
          boolean checksum = random.nextBoolean();
          Allocations.assertBounded(
              () -> {
                try {
                  PreviousGtids decoded =
                      PreviousGtids.decode(event, 0, event.readableBytes(), checksum);
                  assertThat(decoded.set().size()).isGreaterThanOrEqualTo(0);
                } catch (BinlogFormatException e) {
                  assertThat(e.getMessage()).isNotEmpty();
                }
              });
        });
  }

  @Test
  void shouldReadOrRefuseAnyGtid() {
    RandomInput.run(
        40_000,
        random -> {
          ByteBuf event = event(gtidType(random), content(random));
          Allocations.assertBounded(
              () -> {
                try {
                  MySqlGtidEvent decoded = MySqlGtidEvent.decode(event, 0, event.readableBytes());
                  assertThat(decoded.number()).isBetween(1L, MySqlGtidSet.MAX_NUMBER);
                } catch (BinlogFormatException e) {
                  assertThat(e.getMessage()).isNotEmpty();
                }
              });
        });
  }

  private static EventType gtidType(Random random) {
    return random.nextInt(4) == 0 ? EventType.MYSQL_GTID : EventType.MYSQL_GTID_TAGGED;
  }

  /** The tagged event of 9.7 with a tag of two letters, more or less. */
  private static byte[] content(Random random) {
    if (random.nextInt(4) == 0) {
      return RandomInput.bytes(random, 80);
    }
    ByteBuf valid =
        Unpooled.wrappedBuffer(
            ByteBufUtil.decodeHexDump(
                "02"
                    + "40"
                    + "14"
                    + "00"
                    + "02"
                    + "02"
                    + "48".repeat(16)
                    + "04"
                    + "14"
                    + "06"
                    + "04"
                    + "6161"
                    + "08"
                    + "02"
                    + "0a"
                    + "04"));
    return RandomInput.mutated(random, valid);
  }

  private static ByteBuf event(EventType type, byte[] content) {
    ByteBuf event = Unpooled.buffer();
    event.writeIntLE(0).writeByte(type.code()).writeIntLE(1);
    event.writeIntLE(EventHeader.SIZE + content.length).writeIntLE(0).writeShortLE(0);
    return event.writeBytes(content);
  }
}

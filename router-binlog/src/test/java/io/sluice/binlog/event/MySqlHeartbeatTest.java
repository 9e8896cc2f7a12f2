package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The heartbeats of MySQL sources, as they were captured, and above 4 GiB. */
class MySqlHeartbeatTest {
  private static final UnpooledByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  private static String hex(ByteBuf event) {
    String hex = ByteBufUtil.hexDump(event);
    event.release();
    return hex;
  }

  @Test
  void shouldMakeTheSecondFormAs97() {
    assertThat(hex(ArtificialEvents.mySqlHeartbeatV2(ALLOC, 1, "bin.000001", 2656, true)))
        .isEqualTo(
            "00000000290100000029000000600a00000000010a62696e2e3030303030310203fc600a00afd5ce34");
  }

  @Test
  void shouldTellThePlaceAbove4GiBInTheSecondFormOnly() {
    long far = 0x1_0000_0a60L;
    assertThat(hex(ArtificialEvents.mySqlHeartbeatV2(ALLOC, 1, "bin.000001", far, false)))
        .isEqualTo(
            "0000000029010000002b000000600a00000000"
                + "010a62696e2e303030303031"
                + "0209fe600a000001000000"
                + "00");
    assertThat(hex(ArtificialEvents.mySqlHeartbeat(ALLOC, 1, "bin.000001", far, false)))
        .isEqualTo("000000001b010000001d000000600a00000000" + "62696e2e303030303031");
  }
}

package io.sluice.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class LeakGuardTest {
  @Test
  void shouldSeeAPooledBufferThatNobodyReleased() {
    leak(PooledByteBufAllocator.DEFAULT.buffer(100));
    assertThatThrownBy(LeakGuard::assertNone).hasMessageContaining("1 leaked resources");
    LeakGuard.assertNone();
  }

  @Test
  void shouldSeeAnUnpooledDirectBufferThatNobodyReleased() {
    leak(Unpooled.directBuffer(100));
    assertThat(LeakGuard.drain()).hasSize(1);
  }

  @Test
  void shouldSeeNothingWhenBuffersAreReleased() {
    PooledByteBufAllocator.DEFAULT.buffer(100).writeInt(1).release();
    LeakGuard.assertNone();
  }

  private static void leak(ByteBuf buffer) {
    buffer.writeInt(1);
  }
}

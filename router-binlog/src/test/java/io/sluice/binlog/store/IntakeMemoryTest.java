package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeMemoryTest {
  private final IntakeMemory memory = new IntakeMemory(ByteBufAllocator.DEFAULT);

  @Test
  void shouldGiveEmptyBuffersThatDoNotGrow() {
    ByteBuf buffer = memory.take();

    assertThat(buffer.isReadable()).isFalse();
    assertThat(buffer.writableBytes()).isEqualTo(IntakeMemory.SIZE);
    assertThat(buffer.maxCapacity()).isEqualTo(IntakeMemory.SIZE);

    buffer.release();
    memory.close();
  }

  @Test
  void shouldTakeMemoryAgainOnlyWhenEverybodyHasLetGoOfIt() {
    ByteBuf first = memory.take();
    long address = first.memoryAddress();
    first.writeLong(1);
    ByteBuf slice = first.retainedSlice(0, 8);
    first.release();

    ByteBuf second = memory.take();
    assertThat(second.memoryAddress()).isNotEqualTo(address);
    assertThat(slice.getLong(0)).isEqualTo(1);
    slice.release();
    ByteBuf third = memory.take();
    assertThat(third.memoryAddress()).isEqualTo(address);
    third.writeLong(2);
    assertThatThrownBy(() -> slice.getLong(0)).isInstanceOf(IllegalReferenceCountException.class);

    second.release();
    memory.close();
    // Nothing is kept any more: what comes back is freed.
    third.release();
    assertThat(third.refCnt()).isZero();
  }

  @Test
  void shouldFindASliceInItsBuffer() {
    ByteBuf buffer = memory.take().writeZero(100);
    ByteBuf slice = buffer.retainedSlice(40, 20).skipBytes(3);
    ByteBuf other = ByteBufAllocator.DEFAULT.directBuffer(100);

    IntakeMemory.Buffer whole = IntakeMemory.Buffer.of(slice);

    assertThat(whole).isSameAs(buffer);
    assertThat(whole.indexOf(slice)).isEqualTo(43);
    assertThat(IntakeMemory.Buffer.of(other)).isNull();

    slice.release();
    other.release();
    buffer.release();
    memory.close();
  }

  @Test
  void shouldTakeEverythingBackWheneverItIsClosed() {
    List<ByteBuf> taken = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      taken.add(memory.take());
    }
    taken.subList(0, 30).forEach(ByteBuf::release);
    memory.close();
    taken.subList(30, 40).forEach(ByteBuf::release);

    assertThat(taken).allMatch(buffer -> buffer.refCnt() == 0);
  }
}

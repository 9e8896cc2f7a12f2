package io.sluice.binlog.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.store.BinlogFileId;
import org.junit.jupiter.api.Test;

class OnTheWayTest {
  private static final BinlogFileId ONE = new BinlogFileId(1, "m.000001");
  private static final BinlogFileId TWO = new BinlogFileId(1, "m.000002");
  private static final BinlogFileId THREE = new BinlogFileId(1, "m.000003");

  private final OnTheWay files = new OnTheWay();

  @Test
  void shouldNotCountOnWhatMayBeInBuffers() {
    assertThat(files.oldest(0, 0)).isEqualTo(BinlogFileId.NONE);
    files.enters(ONE, 0, 0);
    files.enters(TWO, 1000, 1);
    files.enters(THREE, 2000, 2);
    assertThat(files.oldest(999 + OnTheWay.BUFFERED, 2)).isEqualTo(ONE);
    assertThat(files.oldest(1000 + OnTheWay.BUFFERED, 2)).isEqualTo(TWO);
    assertThat(files.oldest(2000 + OnTheWay.BUFFERED, 2)).isEqualTo(THREE);
    assertThat(files.oldest(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(THREE);
  }

  @Test
  void shouldTakeWhatWasSentLongAgoForArrived() {
    files.enters(ONE, 0, 100);
    files.enters(TWO, 0, 200);
    assertThat(files.oldest(0, 199 + OnTheWay.NANOS)).isEqualTo(ONE);
    assertThat(files.oldest(0, 200 + OnTheWay.NANOS)).isEqualTo(TWO);
  }

  @Test
  void shouldBelieveAnAcknowledgement() {
    files.enters(ONE, 0, 0);
    files.enters(TWO, 0, 0);
    files.enters(THREE, 0, 0);
    files.hasReached("m.000009");
    assertThat(files.oldest(0, 0)).isEqualTo(ONE);
    files.hasReached("m.000002");
    assertThat(files.oldest(0, 0)).isEqualTo(TWO);
  }
}

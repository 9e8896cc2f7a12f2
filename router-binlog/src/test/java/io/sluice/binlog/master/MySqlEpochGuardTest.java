package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.MySqlGtidSet;
import org.junit.jupiter.api.Test;

class MySqlEpochGuardTest {
  private static final String A = "aaaaaaaa-0000-11f0-8000-00000000000a";
  private static final String B = "bbbbbbbb-0000-11f0-8000-00000000000b";

  private final MySqlEpochGuard guard =
      new MySqlEpochGuard(MySqlGtidSet.parse(A + ":1-5:t:1," + B + ":1-2"));

  private void comes(String tsid, long number) {
    guard.onGtid(new MySqlGtidEvent(MySqlGtidSet.parse(tsid + ":1").tsid(0), number));
  }

  @Test
  void shouldBeContentWhenEachIdCameOrStoodBeforeInWhateverOrder() {
    guard.onPrevious(MySqlGtidSet.parse(A + ":1-4," + B + ":1"));
    comes(B, 3);
    comes(B, 2);
    comes(A + ":t", 1);
    comes(A, 5);
    guard.onPrevious(MySqlGtidSet.parse(A + ":1-5:t:1," + B + ":1-9"));
    assertThatCode(guard::onEnd).doesNotThrowAnyException();
  }

  @Test
  void shouldNameWhatDidNotCome() {
    guard.onPrevious(MySqlGtidSet.parse(A + ":1-3"));
    comes(A, 5);
    comes(B, 1);
    assertThatThrownBy(guard::onEnd)
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("without '" + A + ":4:t:1,", B)
        .hasMessageContaining(B + ":2'");
  }

  @Test
  void shouldRefuseALogThatBeginsBehindWhatWeLack() {
    assertThatThrownBy(() -> guard.onPrevious(MySqlGtidSet.parse(A + ":1-3," + B + ":1-3")))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("begins behind '" + B + ":3'");
  }
}

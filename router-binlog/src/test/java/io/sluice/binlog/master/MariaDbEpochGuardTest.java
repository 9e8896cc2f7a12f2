package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import org.junit.jupiter.api.Test;

class MariaDbEpochGuardTest {
  private final MariaDbEpochGuard guard =
      new MariaDbEpochGuard(MariaDbGtidList.parse("0-2-9,7-2-3"));

  private void comes(String gtid) {
    guard.onGtid(MariaDbGtid.parse(gtid));
  }

  @Test
  void shouldBeContentWhenEachIdCameOrStoodBefore() {
    guard.onFileState(MariaDbBinlogState.parse("0-2-7,7-2-3"));
    comes("0-2-8");
    comes("0-2-9");
    comes("0-1-10");
    comes("7-1-4");
    assertThatCode(guard::onEnd).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseAnotherServersIdInPlaceOfOurs() {
    guard.onFileState(MariaDbBinlogState.parse("0-2-7,7-2-3"));
    comes("0-2-8");
    assertThatThrownBy(() -> comes("0-3-9"))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("0-3-9 without 0-2-9");
  }

  @Test
  void shouldRefuseALogThatEndsBeforeOurs() {
    guard.onFileState(MariaDbBinlogState.parse("0-2-7"));
    comes("0-2-9");
    assertThatThrownBy(guard::onEnd)
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("7-2-3");
  }

  @Test
  void shouldNotTakeALaterFilesStateForWhatCame() {
    guard.onFileState(MariaDbBinlogState.parse("0-2-7"));
    guard.onFileState(MariaDbBinlogState.parse("0-2-9,7-2-3"));
    assertThatThrownBy(guard::onEnd).isInstanceOf(MismatchException.class);
  }
}

package io.sluice.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinlogEventsTest {
  @Test
  void shouldBuildAFileThatTheReaderFindsClean() {
    BinlogEvents log = sample(true);
    BinlogFiles.Walk walk = BinlogFiles.walk(log.fileBytes());
    assertThat(walk.problems()).isEmpty();
    assertThat(walk.gtids()).containsExactly("0-7-1", "0-7-2");
    assertThat(walk.events()).hasSize(9);
    assertThat(walk.events().get(0).length()).isEqualTo(252);
    assertThat(walk.events().get(8).rotateFile(true)).isEqualTo("m-bin.000002");
    assertThat(BinlogFiles.walk(sample(false).fileBytes()).problems()).isEmpty();
  }

  @Test
  void shouldSeeTornAndDamagedFiles() {
    byte[] bytes = sample(true).fileBytes();
    assertThat(BinlogFiles.walk(Arrays.copyOf(bytes, bytes.length - 7)).problems())
        .singleElement()
        .asString()
        .startsWith("torn event");
    byte[] damaged = bytes.clone();
    damaged[300] ^= 1;
    assertThat(BinlogFiles.walk(damaged).problems()).isNotEmpty();
  }

  private static BinlogEvents sample(boolean checksums) {
    BinlogEvents log = new BinlogEvents("m-bin.000001", 7, checksums);
    log.formatDescription(BinlogEvents.MARIADB_10_11, true);
    log.gtidList();
    log.checkpoint("m-bin.000001");
    log.ddl(0, 1, "d", "CREATE TABLE t (a INT)");
    log.transaction(0, 2, 1000);
    log.rotate("m-bin.000002");
    return log;
  }
}

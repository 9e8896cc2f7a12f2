package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.SyntheticLog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older epoch is history: its damage must not keep the newer one from being served. */
class EpochDamageTest {
  @TempDir Path directory;

  private final SyntheticLog old = new SyntheticLog().startFile();
  private byte[] first = new byte[0];
  private byte[] second = new byte[0];

  /** Two epochs; the newer one repeats all of the older one. */
  private Path changeMaster() {
    for (int i = 0; i < 40; i++) {
      old.transaction(1000);
    }
    first = old.bytes();
    SyntheticLog next = new SyntheticLog().startFile();
    for (int i = 0; i < 41; i++) {
      next.transaction(900);
    }
    second = next.bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("old.000001", first);
      tester.awaitVisible("old.000001", first.length);
      get(tester.store.writer().beginEpoch("test"));
      tester.file("new.000001", second);
      tester.awaitVisible("new.000001", second.length);
      Path file = directory.resolve("0001/old.000001");
      StoreTester.await(() -> Files.exists(Sidecar.path(file)));
      return file;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The length of an event becomes impossible. */
  private byte[] damage(int group) {
    byte[] damaged = first.clone();
    int at = Math.toIntExact(old.boundaries().get(group));
    damaged[at + EventHeader.LENGTH_OFFSET + 3] = 0x7f;
    return damaged;
  }

  private void assertServed(Path file, byte[] damaged, String known) throws Exception {
    Files.write(file, damaged);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().file()).isEqualTo(new BinlogFileId(2, "new.000001"));
      assertThat(tester.store.watermark().offset()).isEqualTo(second.length);
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
      assertThat(tester.store.recovery().problems())
          .singleElement()
          .asString()
          .contains("binlog file 1/old.000001 is damaged");
      assertThat(tester.store.inventory().endOf(1)).hasToString(known);
      assertThat(tester.store.inventory().files()).hasSize(2);
    }
    assertThat(file).hasBinaryContent(damaged);
  }

  @Test
  void shouldServeTheNewestEpochAndReportTheDamage() throws Exception {
    Path file = changeMaster();
    byte[] damaged = damage(20);
    // The sidecar fits by size and both ends of the file: it tells what was behind the damage.
    assertServed(file, damaged, "0-101-40");
    Files.delete(Sidecar.path(file));
    assertServed(file, damaged, "0-101-20");
    assertServed(file, new byte[first.length], "");
  }

  @Test
  void shouldStillRemoveAnEpochThatLacksWhatIsReadable() throws Exception {
    Path file = changeMaster();
    Files.delete(Sidecar.path(file));
    Files.write(file, damage(20));
    SyntheticLog behind = new SyntheticLog().startFile();
    for (int i = 0; i < 10; i++) {
      behind.transaction(10);
    }
    Files.write(directory.resolve("0002/new.000001"), behind.bytes());
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().removedFiles()).contains("new.000001");
      assertThat(tester.store.watermark().file().epoch()).isEqualTo(1);
    }
  }
}

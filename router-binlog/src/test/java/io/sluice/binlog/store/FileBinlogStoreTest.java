package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileBinlogStoreTest {
  @TempDir Path directory;

  static Stream<String> logs() {
    return Samples.versions().stream()
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> Samples.gtid(log) != null);
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldStoreRealLogsByteForByte(String log) throws Exception {
    Random random = new Random(log.hashCode());
    String base = log.substring(log.indexOf('/') + 1);
    List<String> files = Samples.filesOf(log);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.resume().isEmpty()).isTrue();
      for (String file : files) {
        byte[] bytes = Samples.cleared(file);
        tester.store.writer().startFile(file.substring(file.indexOf('/') + 1));
        tester.drip(bytes, 4, bytes.length, random, 5000);
      }
      String last = files.get(files.size() - 1);
      tester.awaitVisible(last.substring(last.indexOf('/') + 1), Samples.bytes(last).length);
      assertThat(tester.failures).isEmpty();
      Watermark end = tester.store.watermark();
      String[] said = Samples.gtid(log);
      assertThat(end.state().positionText()).isEqualTo(said[0]);
      assertThat(end.eventTimestamp()).isPositive();
      assertThat(tester.store.inventory().files()).hasSize(files.size());
      assertThat(tester.store.inventory().totalSize())
          .isEqualTo(files.stream().mapToLong(f -> Samples.bytes(f).length).sum());
    }
    for (String file : files) {
      byte[] stored = StoreTester.read(directory, file.substring(file.indexOf('/') + 1));
      byte[] expected = Samples.cleared(file);
      boolean open = base.equals("killed");
      assertThat(stored[21] & 1).isEqualTo(open ? 1 : 0);
      stored[21] &= (byte) 0xfe;
      assertThat(stored).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldAnswerGtidAtLikeThePlainScan(String log) throws Exception {
    Map<Long, String> expected = new HashMap<>();
    String file = Samples.filesOf(log).get(Samples.filesOf(log).size() - 1);
    String name = file.substring(file.indexOf('/') + 1);
    byte[] bytes = Samples.cleared(file);
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file(name, bytes);
      tester.awaitVisible(name, bytes.length);
      FileFollower follower = new FileFollower();
      follower.startFile();
      ByteBuf buf = Unpooled.wrappedBuffer(bytes);
      expected.put(4L, null);
      for (Samples.Line line : Samples.listing(file)) {
        follower.onEvent(buf, (int) line.position(), line.size(), line.size());
        expected.put(line.position() + line.size(), follower.stateWithOpenGroup().positionText());
      }
      String start = null;
      for (long at = 0; at <= bytes.length + 2; at += bytes.length > 20_000 ? 97 : 1) {
        String got = get(tester.store.gtidAt(name, at)).map(GtidState::positionText).orElse(null);
        if (at <= 4) {
          start = got;
          assertThat(got).isNotNull();
        } else if (at == 256) {
          assertThat(got).isEqualTo(start);
        } else {
          assertThat(got).as("at %d", at).isEqualTo(expected.get(at));
        }
      }
      for (long at : expected.keySet()) {
        assertThat(get(tester.store.gtidAt("", at))).isPresent();
      }
      assertThat(get(tester.store.gtidAt("nothing.000001", 4))).isEmpty();
    }
  }

  @Test
  void shouldPublishOnlyBoundariesWhateverThePieces() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 300; i++) {
      log.transaction(10 + (i * 37) % 9000);
    }
    Set<Long> boundaries = new HashSet<>(log.boundaries());
    byte[] bytes = log.bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.drip(bytes, 4, bytes.length, new Random(5), 700);
      tester.awaitVisible("bin.000001", bytes.length);
      assertThat(tester.published).isNotEmpty();
      long version = 0;
      for (Watermark mark : tester.published) {
        assertThat(boundaries).contains(mark.offset());
        assertThat(mark.version()).isGreaterThan(version);
        version = mark.version();
        assertThat(mark.state().isEmpty()).isEqualTo(mark.offset() == log.boundaries().get(0));
      }
      assertThat(tester.store.watermark().state()).isEqualTo(log.state());
    }
  }

  @Test
  void shouldHideANewFileUntilItsGtidListIsStored() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.append(4, bytes, 4, 256);
      assertThat(tester.store.watermark().isEmpty()).isTrue();
      ResumePoint again = tester.resume();
      assertThat(again.isEmpty()).isTrue();
      assertThat(directory.resolve("0001/bin.000001")).doesNotExist();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
    }
  }

  @Test
  void shouldDropAnIncompleteTransactionAndGoOn() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100);
    int whole = log.size();
    byte[] bytes = log.gtid(0, 101, 2, 0x0c).rows(400_000, 1).rows(10, 2).xid().bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.append(4, bytes, 4, bytes.length - 20);
      ResumePoint point = tester.resume();
      assertThat(point.file().name()).isEqualTo("bin.000001");
      assertThat(point.offset()).isEqualTo(whole);
      assertThat(point.state()).hasToString("0-101-1");
      assertThat(point.formatDescription().isMariaDb()).isTrue();
      assertThat(Files.size(directory.resolve("0001/bin.000001"))).isEqualTo(whole);
      assertThat(tester.store.watermark().offset()).isEqualTo(whole);
      tester.append(whole, bytes, whole, bytes.length);
      tester.awaitVisible("bin.000001", bytes.length);
      assertThat(tester.store.watermark().state()).hasToString("0-101-2");
    }
    byte[] stored = StoreTester.read(directory, "bin.000001");
    assertThat(stored[21]).isEqualTo((byte) 1);
    stored[21] = 0;
    assertThat(stored).isEqualTo(bytes);
  }

  @Test
  void shouldKeepAHalfGroupOfACrashedMasterBeforeTheNextFile() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100);
    byte[] first = new SyntheticLog().startFile().transaction(100).gtid(0, 101, 2, 12).bytes();
    byte[] second = log.startFile().transaction(10).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", first);
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      assertThat(tester.store.inventory().files().get(0).size()).isEqualTo(first.length);
      assertThat(tester.store.watermark().state()).hasToString("0-101-2");
    }
    assertThat(StoreTester.read(directory, "bin.000001")).isEqualTo(first);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().files())
          .extracting(StoredFile::size)
          .containsExactly((long) first.length, (long) second.length);
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
    }
  }

  @Test
  void shouldRefuseBytesForAnotherPosition() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).transaction(50).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.append(4, bytes, 4, 300);
      await(() -> tester.failures.size() == 1);
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.append(4, bytes, 4, 300);
      tester.append(301, bytes, 301, bytes.length);
      await(() -> tester.failures.size() == 2);
      assertThat(tester.failures)
          .allSatisfy(f -> assertThat(f.kind()).isEqualTo(WriterFailure.Kind.POSITION_MISMATCH));
      assertThat(tester.failures.get(1).message()).contains("301").contains("300");
      tester.append(300, bytes, 300, bytes.length);
      ResumePoint point = tester.resume();
      assertThat(point.offset()).isLessThanOrEqualTo(300);
      if (point.isEmpty()) {
        tester.file("bin.000001", bytes);
      } else {
        tester.append(point.offset(), bytes, (int) point.offset(), bytes.length);
      }
      tester.awaitVisible("bin.000001", bytes.length);
    }
  }

  @Test
  void shouldRefuseNamesThatDoNotFollow() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      for (String name :
          List.of(
              "bin.000005", "bin.000004", "other.000006", "../bin.000006", "bin", "a/b.000007")) {
        tester.resume();
        if (tester.store.watermark().isEmpty()) {
          tester.file("bin.000005", bytes);
          tester.awaitVisible("bin.000005", bytes.length);
        }
        tester.store.writer().startFile(name);
        tester.store.writer().startFile(name);
        tester.resume();
      }
      assertThat(tester.failures)
          .hasSize(6)
          .allMatch(f -> f.kind() == WriterFailure.Kind.FILE_NAME);
      Files.write(directory.resolve("0001/bin.000006"), bytes);
      tester.store.writer().startFile("bin.000006");
      tester.resume();
      assertThat(tester.failures).hasSize(6);
      assertThat(directory.resolve("0001/bin.000006.broken")).hasBinaryContent(bytes);
      tester.file("bin.000007", bytes);
      tester.awaitVisible("bin.000007", bytes.length);
    }
  }

  @Test
  void shouldRefuseBytesThatAreNoEvents() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      byte[] noFormat = new byte[400];
      noFormat[4 + 9] = 100;
      tester.file("bin.000001", noFormat);
      await(() -> tester.failures.size() == 1);
      tester.resume();
      byte[] badLength = bytes.clone();
      badLength[256 + 9] = 3;
      tester.file("bin.000001", badLength);
      await(() -> tester.failures.size() == 2);
      assertThat(tester.failures).allMatch(f -> f.kind() == WriterFailure.Kind.BAD_EVENT);
      assertThat(tester.store.watermark().isEmpty()).isTrue();
      assertThat(tester.resume().isEmpty()).isTrue();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
    }
  }

  @Test
  void shouldSurviveRandomBytes() throws Exception {
    Random random = new Random(29);
    SyntheticLog log = new SyntheticLog().startFile().transaction(30);
    byte[] head = log.bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", head);
      tester.awaitVisible("bin.000001", head.length);
      for (int round = 0; round < 300; round++) {
        byte[] noise = new byte[20 + random.nextInt(3000)];
        random.nextBytes(noise);
        noise[4] = (byte) (random.nextBoolean() ? 162 : 163);
        noise[9] = (byte) (20 + random.nextInt(40));
        noise[10] = (byte) (random.nextInt(8) == 0 ? 1 : 0);
        noise[11] = 0;
        noise[12] = (byte) (random.nextInt(20) == 0 ? 0x20 : 0);
        tester.append(head.length, noise, 0, noise.length);
        Watermark mark = tester.store.watermark();
        ResumePoint point = tester.resume();
        if (point.offset() > head.length) {
          // Random bytes can happen to be a whole group; the link would have checked their CRC.
          assertThat(point.offset()).isGreaterThanOrEqualTo(mark.offset());
          return;
        }
        assertThat(point.state()).hasToString("0-101-1");
      }
      assertThat(tester.failures)
          .allMatch(failure -> failure.kind() == WriterFailure.Kind.BAD_EVENT);
      byte[] whole = log.transaction(10).bytes();
      tester.append(head.length, whole, head.length, whole.length);
      tester.awaitVisible("bin.000001", whole.length);
    }
  }

  @Test
  void shouldTellWhenTheQueueIsFullAndWhenItIsNot() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < 200; i++) {
      log.transaction(20_000);
    }
    byte[] bytes = log.bytes();
    StoreOptions options =
        StoreOptions.defaults().withSync(SyncPolicy.NONE).withQueueBytes(100_000);
    try (StoreTester tester = new StoreTester(directory, options, Disk.LOCAL)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      tester.drip(bytes, 4, bytes.length, new Random(2), 90_000);
      tester.awaitVisible("bin.000001", bytes.length);
      assertThat(tester.failures).isEmpty();
      int overflow = 0;
      byte[] more = new byte[300_000];
      tester.store.writer().startFile("bin.000002");
      while (overflow < 50) {
        tester.append(4, more, 0, more.length);
        overflow++;
      }
      await(() -> !tester.failures.isEmpty());
      assertThat(tester.resume().offset()).isEqualTo(bytes.length);
    }
  }

  @Test
  void shouldKeepTwoStoresOutOfOneDirectory() throws Exception {
    try (StoreTester first = new StoreTester(directory)) {
      assertThatThrownBy(() -> new StoreTester(directory))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining(directory.toString());
      assertThat(first.store.recovery().file()).isEqualTo(BinlogFileId.NONE);
    }
    new StoreTester(directory).close();
  }

  @Test
  void shouldSyncBeforeItIsDurableAndServeAfterwardsIfAsked() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).transaction(60).bytes();
    StoreOptions options = StoreOptions.defaults().withServeAfter(ServeAfter.SYNCED);
    try (StoreTester tester = new StoreTester(directory, options, Disk.LOCAL)) {
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
      await(() -> tester.store.writer().durable().offset() == bytes.length);
      await(() -> !tester.durable.isEmpty());
      byte[] second = new SyntheticLog().startFile().transaction(19).bytes();
      tester.file("bin.000002", second);
      tester.awaitVisible("bin.000002", second.length);
      await(() -> tester.store.writer().durable().file().name().equals("bin.000002"));
    }
    StoreOptions unsynced = StoreOptions.defaults().withSync(SyncPolicy.NONE);
    assertThatThrownBy(() -> unsynced.withServeAfter(ServeAfter.SYNCED))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSyncOnAnInterval() throws Exception {
    byte[] bytes = new SyntheticLog().startFile().transaction(50).bytes();
    StoreOptions options =
        StoreOptions.defaults().withSync(SyncPolicy.every(java.time.Duration.ofMillis(20)));
    try (StoreTester tester = new StoreTester(directory, options, Disk.LOCAL)) {
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", bytes.length);
      await(() -> tester.store.writer().durable().offset() == bytes.length);
    }
  }

  @Test
  void shouldReadNoFurtherThanVisible() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile().transaction(50);
    int whole = log.size();
    byte[] bytes = log.gtid(0, 101, 2, 12).bytes();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.file("bin.000001", bytes);
      tester.awaitVisible("bin.000001", whole);
      ByteBuffer target = ByteBuffer.allocate(bytes.length + 10);
      BinlogFileId file = tester.store.watermark().file();
      assertThat(tester.store.read(file, 0, target)).isEqualTo(whole);
      assertThat(target.limit()).isEqualTo(target.capacity());
      assertThat(target.get(21)).isZero();
      assertThatThrownBy(
              () -> tester.store.read(new BinlogFileId(1, "x.000001"), 0, ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
      assertThat(get(tester.store.formatDescription(file)).isMariaDb()).isTrue();
    }
  }

  @Test
  void shouldKeepMetadataAcrossRestarts() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      StoreMetadata metadata = tester.store.metadata();
      get(metadata.update(Map.of("master.id", "101", "zwei", "ä=\n#")));
      Map<String, String> change = new HashMap<>();
      change.put("master.id", null);
      change.put("three", "3");
      get(metadata.update(change));
      assertThat(metadata.get("master.id")).isNull();
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.metadata().all())
          .containsOnly(Map.entry("zwei", "ä=\n#"), Map.entry("three", "3"));
    }
  }

  @Test
  void shouldAnswerCommandsAfterClose() throws Exception {
    StoreTester tester = new StoreTester(directory);
    tester.resume();
    tester.close();
    tester.close();
    ByteBuf buf = Unpooled.buffer().writeZero(10);
    assertThat(tester.store.writer().append(4, buf)).isFalse();
    assertThat(buf.refCnt()).isZero();
    assertThat(tester.store.writer().discardIncomplete()).isCompletedExceptionally();
    assertThat(tester.store.gtidAt("x", 4)).isCompletedExceptionally();
    assertThat(tester.store.metadata().update(Map.of("a", "b"))).isCompletedExceptionally();
  }
}

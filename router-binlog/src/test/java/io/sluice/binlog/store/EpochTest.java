package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.await;
import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.FeedOptions;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.TwoMasters.MasterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of master by GTID, seen from the store. */
class EpochTest {
  @TempDir Path directory;

  private static StartResult at(StoreTester tester, MariaDbGtidList position) {
    return get(tester.store.resolve(new StartRequest.MariaDbGtids(position, false, false, null)));
  }

  private static List<String> texts(List<MariaDbGtid> gtids) {
    return gtids.stream().map(MariaDbGtid::toString).toList();
  }

  /** Each transaction of the two masters once: the old order, then what only the new one has. */
  private static List<String> expected(TwoMasters masters) {
    List<MariaDbGtid> all = new ArrayList<>(masters.oldOrder);
    for (MariaDbGtid gtid : masters.newOrder) {
      if (!masters.oldOrder.contains(gtid)) {
        all.add(gtid);
      }
    }
    return texts(all);
  }

  private static void change(StoreTester tester, TwoMasters masters) {
    tester.resume();
    TwoMasters.send(tester, masters.oldFiles);
    TwoMasters.awaitAll(tester, masters.oldFiles);
    ResumePoint begin = get(tester.store.writer().beginEpoch("test"));
    assertThat(begin.isEmpty()).isTrue();
    assertThat(begin.file()).isEqualTo(BinlogFileId.NONE);
    assertThat(begin.state()).isEqualTo(masters.endState());
    TwoMasters.send(tester, masters.overlapping());
  }

  @Test
  void shouldGiveEachTransactionOnceOverTheBorderWhereverAReplicaBegins() throws Exception {
    int exact = 0;
    int inexact = 0;
    for (int seed = 1; seed <= 120; seed++) {
      TwoMasters masters = new TwoMasters(seed);
      if (masters.oldOrder.isEmpty()) {
        continue;
      }
      Path own = directory.resolve("run" + seed);
      try (StoreTester tester = lazy(own);
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        change(tester, masters);
        TwoMasters.awaitAll(tester, masters.overlapping());
        assertThat(tester.store.watermark().file().epoch()).isEqualTo(2);
        try (LogReader reader = fromOldest(tester, feed)) {
          assertThat(reader.toEnd()).as("seed %d", seed).isEqualTo(expected(masters));
          for (Crossing way : reader.crossings) {
            exact += way.exact() ? 1 : 0;
            inexact += way.exact() ? 0 : 1;
          }
        }
        startAnywhere(tester, feed, masters, seed);
      }
      try (StoreTester tester = lazy(own);
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        assertThat(tester.store.recovery().droppedAnything()).isFalse();
        assertThat(tester.store.watermark().file().epoch()).isEqualTo(2);
        startAnywhere(tester, feed, masters, seed);
      }
    }
    assertThat(exact).isGreaterThan(10);
    assertThat(inexact).isGreaterThan(10);
  }

  /** Many cases: the disk need not be waited for. */
  private static StoreTester lazy(Path own) throws IOException {
    return new StoreTester(own, StoreOptions.defaults(), new FaultyDisk());
  }

  private static LogReader fromOldest(StoreTester tester, BinlogFeed feed) {
    return new LogReader(
        tester.store, feed, get(tester.store.resolve(new StartRequest.FilePosition("", 4))));
  }

  private static LogReader reader(StoreTester tester, BinlogFeed feed, MariaDbGtidList position) {
    return new LogReader(tester.store, feed, at(tester, position));
  }

  /** A replica that has a beginning of what the log gives gets the rest, each transaction once. */
  private static void startAnywhere(
      StoreTester tester, BinlogFeed feed, TwoMasters masters, int seed) throws Exception {
    Random random = new Random(seed);
    List<MariaDbGtid> served = new ArrayList<>(masters.oldOrder);
    masters.newOrder.stream().filter(gtid -> !served.contains(gtid)).forEach(served::add);
    for (List<MariaDbGtid> order : List.of(served, masters.newOrder)) {
      int has = random.nextInt(order.size() + 1);
      List<MariaDbGtid> replica = order.subList(0, has);
      MariaDbGtidList position = MariaDbBinlogState.of(replica).position();
      List<String> rest = new ArrayList<>(expected(masters));
      rest.removeAll(texts(replica));
      try (LogReader reader = reader(tester, feed, position)) {
        assertThat(reader.toEnd())
            .as("seed %d from %s", seed, position)
            .containsExactlyInAnyOrderElementsOf(rest);
        for (int d = 0; d < 3; d++) {
          String domain = d + "-";
          assertThat(reader.gtids.stream().filter(gtid -> gtid.startsWith(domain)))
              .as("seed %d from %s", seed, position)
              .containsExactlyElementsOf(
                  rest.stream().filter(gtid -> gtid.startsWith(domain)).toList());
        }
      }
    }
  }

  @Test
  void shouldCarryReadersThatWaitOverTheBorder() throws Exception {
    for (int seed = 200; seed < 230; seed++) {
      TwoMasters masters = new TwoMasters(seed);
      if (masters.oldOrder.isEmpty()) {
        continue;
      }
      List<String> expected = expected(masters);
      try (StoreTester tester = lazy(directory.resolve("run" + seed));
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        tester.resume();
        TwoMasters.send(tester, masters.oldFiles);
        TwoMasters.awaitAll(tester, masters.oldFiles);
        try (LogReader reader = fromOldest(tester, feed)) {
          CompletableFuture<List<String>> got =
              CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return reader.until(expected.size());
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  });
          get(tester.store.writer().beginEpoch("test"));
          Random random = new Random(seed);
          for (MasterFile file : masters.overlapping()) {
            tester.store.writer().startFile(file.name());
            tester.drip(file.bytes(), 4, file.bytes().length, random, 200);
          }
          assertThat(get(got)).as("seed %d", seed).isEqualTo(expected);
        }
        long before = 0;
        for (Watermark mark : tester.published) {
          assertThat(mark.version()).isEqualTo(before + 1);
          before = mark.version();
          if (mark.file().epoch() == 2) {
            assertThat(mark.state().contains(masters.endState())).isTrue();
          }
        }
      }
    }
  }

  /** Masters whose second one repeats a lot before it has all that the first has. */
  private static TwoMasters longOverlap() {
    for (long seed = 1000; ; seed++) {
      TwoMasters masters = new TwoMasters(seed);
      List<MasterFile> overlap = masters.overlapping();
      if (masters.oldFiles.size() > 1
          && overlap.size() > 3
          && !overlap.get(2).start().contains(masters.endState())
          && overlap.get(overlap.size() - 1).start().contains(masters.endState())) {
        return masters;
      }
    }
  }

  @Test
  void shouldGiveAnInvisibleEpochUpAndGoOnWithTheOldOne() throws Exception {
    TwoMasters masters = longOverlap();
    List<MasterFile> overlap = masters.overlapping();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      Watermark end = tester.store.watermark();
      Inventory inventory = tester.store.inventory();
      for (int round = 0; round < 3; round++) {
        get(tester.store.writer().beginEpoch("round " + round));
        TwoMasters.send(tester, overlap.subList(0, 2));
        await(() -> Files.exists(directory.resolve("0002").resolve(overlap.get(1).name())));
        ResumePoint back = round == 1 ? null : tester.resume();
        assertThat(tester.store.watermark()).isEqualTo(end);
        assertThat(tester.store.inventory().files()).isEqualTo(inventory.files());
        if (back != null) {
          assertThat(back.file()).isEqualTo(end.file());
          assertThat(back.offset()).isEqualTo(end.offset());
          assertThat(back.state()).isEqualTo(end.state());
          assertThat(directory.resolve("0002")).doesNotExist();
        }
      }
      MasterFile last = masters.oldFiles.get(masters.oldFiles.size() - 1);
      byte[] stored = StoreTester.read(directory, last.name());
      stored[21] = 0;
      assertThat(stored).isEqualTo(last.bytes());
      assertThat(tester.failures).isEmpty();
      get(tester.store.writer().beginEpoch("at last"));
      TwoMasters.send(tester, overlap);
      TwoMasters.awaitAll(tester, overlap);
      for (MasterFile file : overlap.subList(0, overlap.size() - 1)) {
        assertThat(directory.resolve("0002").resolve(file.name())).hasBinaryContent(file.bytes());
      }
    }
  }

  @Test
  void shouldRefuseANewMasterThatBeginsBehindTheEnd() throws Exception {
    TwoMasters masters = longOverlap();
    MasterFile behind = masters.newFiles.get(masters.newFiles.size() - 1);
    assertThat(EpochBorder.joins(masters.endState(), new FileHead(null, behind.start(), 0)))
        .isFalse();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      Watermark end = tester.store.watermark();
      get(tester.store.writer().beginEpoch("test"));
      tester.file(behind.name(), behind.bytes());
      await(() -> !tester.failures.isEmpty());
      assertThat(tester.failures.get(0).kind()).isEqualTo(WriterFailure.Kind.EPOCH_GAP);
      assertThat(tester.store.watermark()).isEqualTo(end);
      assertThat(tester.resume().file()).isEqualTo(end.file());
      assertThat(directory.resolve("0002")).doesNotExist();
    }
  }

  @Test
  void shouldBeginNoEpochInAnEmptyStore() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(get(tester.store.writer().beginEpoch("test"))).isEqualTo(ResumePoint.EMPTY);
      MasterFile file = longOverlap().oldFiles.get(0);
      tester.file(file.name(), file.bytes());
      tester.awaitVisible(file.name(), file.bytes().length);
      assertThat(tester.store.watermark().file().epoch()).isEqualTo(1);
    }
  }

  @Test
  void shouldRemoveAnEpochThatWasNotVisibleWhenOpened() throws Exception {
    TwoMasters masters = longOverlap();
    List<MasterFile> overlap = masters.overlapping();
    Watermark end;
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      end = tester.store.watermark();
      get(tester.store.writer().beginEpoch("test"));
      TwoMasters.send(tester, overlap.subList(0, 2));
    }
    Files.write(directory.resolve("0002").resolve(overlap.get(0).name() + ".idx"), new byte[9]);
    Files.createDirectories(directory.resolve("0003"));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().removedFiles())
          .containsExactlyInAnyOrder(overlap.get(0).name(), overlap.get(1).name());
      assertThat(tester.store.watermark().file()).isEqualTo(end.file());
      assertThat(tester.store.watermark().offset()).isEqualTo(end.offset());
      assertThat(tester.store.watermark().state()).isEqualTo(end.state());
      assertThat(directory.resolve("0002")).doesNotExist();
      assertThat(directory.resolve("0003")).doesNotExist();
      assertThat(tester.resume().offset()).isEqualTo(end.offset());
    }
  }

  @Test
  void shouldCutATornTailOfTheNewestEpochOnly() throws Exception {
    TwoMasters masters = longOverlap();
    List<MasterFile> overlap = masters.overlapping();
    try (StoreTester tester = new StoreTester(directory)) {
      change(tester, masters);
      TwoMasters.awaitAll(tester, overlap);
    }
    MasterFile last = overlap.get(overlap.size() - 1);
    Path path = directory.resolve("0002").resolve(last.name());
    byte[] torn = Arrays.copyOf(last.bytes(), last.bytes().length + 50);
    torn[last.bytes().length + 9] = 120;
    Files.write(path, torn);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedBytes()).isEqualTo(50);
      assertThat(tester.store.watermark().file()).isEqualTo(new BinlogFileId(2, last.name()));
      assertThat(tester.store.inventory().size())
          .isEqualTo(masters.oldFiles.size() + overlap.size());
    }
  }

  @Test
  void shouldHoldOneWholeEpochOrTheOtherWhateverStepFails() throws Exception {
    TwoMasters masters = longOverlap();
    List<MasterFile> overlap = masters.overlapping();
    int before = 0;
    int after = 0;
    boolean reached = true;
    for (int failAt = 1; reached; failAt++) {
      Path own = directory.resolve("run" + failAt);
      FaultyDisk disk = new FaultyDisk();
      boolean visible;
      try (StoreTester tester = new StoreTester(own, StoreOptions.defaults(), disk)) {
        tester.resume();
        TwoMasters.send(tester, masters.oldFiles);
        TwoMasters.awaitAll(tester, masters.oldFiles);
        tester.resume();
        disk.sticky = true;
        disk.failAt = disk.steps.get() + failAt;
        try {
          get(tester.store.writer().beginEpoch("test"));
          TwoMasters.send(tester, overlap);
        } catch (RuntimeException e) {
          assertThat(e).hasCauseInstanceOf(WriterFailedException.class);
        }
        MasterFile last = overlap.get(overlap.size() - 1);
        await(
            () ->
                disk.steps.get() >= disk.failAt
                    || tester.store.writer().durable().offset() == last.bytes().length);
        get(
            tester
                .store
                .writer()
                .discardIncomplete()
                .handle((point, error) -> error == null ? "" : error.toString()));
        visible = tester.store.watermark().file().epoch() == 2;
        reached = disk.steps.get() >= disk.failAt;
      }
      disk.losePower();
      try (StoreTester tester = lazy(own);
          BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
        Watermark mark = tester.store.watermark();
        if (visible) {
          after++;
          assertThat(mark.file().epoch()).as("step %d", failAt).isEqualTo(2);
          assertThat(mark.state().contains(masters.endState())).isTrue();
        } else {
          before++;
          assertThat(mark.state()).isEqualTo(MariaDbBinlogState.of(masters.oldOrder));
        }
        if (mark.file().epoch() == 1) {
          assertThat(own.resolve("0002")).as("step %d", failAt).doesNotExist();
          get(tester.store.writer().beginEpoch("again"));
          TwoMasters.send(tester, overlap);
        } else {
          ResumePoint point = tester.resume();
          List<String> names = overlap.stream().map(MasterFile::name).toList();
          int at = names.indexOf(point.file().name());
          byte[] bytes = overlap.get(at).bytes();
          if (point.offset() < bytes.length) {
            tester.append(point.offset(), bytes, (int) point.offset(), bytes.length);
          }
          TwoMasters.send(tester, overlap.subList(at + 1, overlap.size()));
        }
        TwoMasters.awaitAll(tester, overlap);
        try (LogReader reader = fromOldest(tester, feed)) {
          assertThat(reader.toEnd()).as("step %d", failAt).isEqualTo(expected(masters));
        }
      }
    }
    assertThat(before).isGreaterThan(10);
    assertThat(after).isGreaterThan(3);
  }

  @Test
  void shouldBeOnTheDiskBeforeItIsVisibleEvenIfNothingElseIsForced() throws Exception {
    TwoMasters masters = longOverlap();
    List<MasterFile> overlap = masters.overlapping();
    FaultyDisk disk = new FaultyDisk();
    StoreOptions options = StoreOptions.defaults().withSync(SyncPolicy.NONE);
    try (StoreTester tester = new StoreTester(directory, options, disk)) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      get(tester.store.writer().beginEpoch("test"));
      for (MasterFile file : overlap) {
        tester.store.writer().startFile(file.name());
        Random random = new Random(5);
        for (int at = 4; at < file.bytes().length; ) {
          int end = Math.min(file.bytes().length, at + 1 + random.nextInt(40));
          tester.append(at, file.bytes(), at, end);
          at = end;
        }
        if (stateAtEnd(overlap, file, masters).contains(masters.endState())) {
          break;
        }
      }
      await(() -> tester.store.watermark().file().epoch() == 2);
    }
    disk.losePower();
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.watermark().file().epoch()).isEqualTo(2);
    }
  }

  private static MariaDbBinlogState stateAtEnd(
      List<MasterFile> files, MasterFile file, TwoMasters masters) {
    int next = files.indexOf(file) + 1;
    return next < files.size() ? files.get(next).start() : MariaDbBinlogState.of(masters.newOrder);
  }

  @Test
  void shouldTellNamesThatTwoEpochsHaveAndIdsThatOnlyTheOldOneHas() throws Exception {
    TwoMasters masters = longOverlap();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      TwoMasters.send(tester, masters.oldFiles);
      TwoMasters.awaitAll(tester, masters.oldFiles);
      String name = masters.oldFiles.get(0).name();
      get(tester.store.writer().beginEpoch("test"));
      for (int i = 0; i < masters.newFiles.size(); i++) {
        String other = String.format("bin.%06d", BinlogFileFormat.number(name) + i);
        tester.file(other, masters.newFiles.get(i).bytes());
      }
      await(() -> tester.store.watermark().file().epoch() == 2);
      Inventory inventory = tester.store.inventory();
      assertThat(inventory.findAll(name))
          .containsExactly(new BinlogFileId(2, name), new BinlogFileId(1, name));
      assertThat(inventory.find(name)).isEqualTo(new BinlogFileId(2, name));
      assertThat(inventory.endOf(1)).isEqualTo(MariaDbBinlogState.of(masters.oldOrder));
      assertThat(inventory.endOf(2)).isNull();
      for (MariaDbGtid gtid : masters.oldOrder) {
        assertThat(inventory.wasWritten(gtid)).isTrue();
      }
      assertThat(inventory.wasWritten(MariaDbGtid.parse("9-9-9"))).isFalse();
    }
  }

  /** The new master was set up from a copy of the data: its log begins late, with an empty list. */
  @Test
  void shouldServeFromTheOlderEpochWhatTheNewMasterNeverWrote() throws Exception {
    List<String> all = new ArrayList<>();
    SyntheticLog old = new SyntheticLog().startFile();
    SyntheticLog late = new SyntheticLog().startFile();
    for (int n = 1; n <= 14; n++) {
      long server = n <= 5 ? 101 : 202;
      if (n <= 10) {
        old.ddl(0, server, n);
      }
      if (n >= 8) {
        late.ddl(0, server, n);
      }
      all.add("0-" + server + "-" + n);
    }
    List<MasterFile> oldFiles =
        List.of(new MasterFile("bin.000001", old.bytes(), MariaDbBinlogState.EMPTY));
    List<MasterFile> newFiles =
        List.of(new MasterFile("new.000001", late.bytes(), MariaDbBinlogState.EMPTY));
    try (StoreTester tester = new StoreTester(directory);
        BinlogFeed feed = new BinlogFeed(tester.store, FeedOptions.defaults())) {
      tester.resume();
      TwoMasters.send(tester, oldFiles);
      TwoMasters.awaitAll(tester, oldFiles);
      get(tester.store.writer().beginEpoch("test"));
      TwoMasters.send(tester, newFiles);
      TwoMasters.awaitAll(tester, newFiles);
      for (int has = 0; has <= 14; has++) {
        MariaDbGtidList position =
            has == 0 ? MariaDbGtidList.EMPTY : MariaDbGtidList.parse(all.get(has - 1));
        try (LogReader reader = reader(tester, feed, position)) {
          assertThat(reader.toEnd()).as("from %s", position).isEqualTo(all.subList(has, 14));
        }
      }
      assertThat(at(tester, MariaDbGtidList.parse("0-101-6")))
          .isInstanceOf(StartResult.Refused.class);
    }
  }
}

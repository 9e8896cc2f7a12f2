package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.MariaDbGtidList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start anywhere in a file of 200 MB reads less than 1 MB of it, also after a restart. */
class StartScanIT {
  private static final int TRANSACTIONS = 6_400;
  private static final long LIMIT = 1 << 20;

  @TempDir Path directory;

  @Test
  void shouldNotReadTheFileToStartInIt() throws Exception {
    SyntheticLog log = new SyntheticLog().startFile();
    for (int i = 0; i < TRANSACTIONS; i++) {
      log.transaction(32 << 10);
    }
    byte[] large = log.bytes();
    assertThat(large.length).isGreaterThan(200_000_000);
    byte[] next = log.startFile().ddl(0, 101, TRANSACTIONS + 1).bytes();
    Path sidecar = directory.resolve("0001").resolve("bin.000001.idx");
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      tester.store.writer().startFile("bin.000001");
      append(tester, large);
      startsReadLittle(tester, large);
      tester.file("bin.000002", next);
      tester.awaitVisible("bin.000002", next.length);
      startsReadLittle(tester, large);
      StoreTester.await(() -> Files.exists(sidecar));
    }
    try (StoreTester tester = new StoreTester(directory)) {
      startsReadLittle(tester, large);
      assertThat(tester.store.startScans().starts()).isEqualTo(5);
      assertThat(tester.store.startScans().totalBytes()).isPositive();
    }
  }

  private static void append(StoreTester tester, byte[] file) {
    int at = 4;
    while (at < file.length) {
      int end = Math.min(file.length, at + (4 << 20));
      tester.append(at, file, at, end);
      long visible = end - (1 << 20);
      StoreTester.await(() -> tester.store.watermark().offset() >= visible);
      at = end;
    }
    tester.awaitVisible("bin.000001", file.length);
  }

  private static void startsReadLittle(StoreTester tester, byte[] file) {
    for (int sequence : new int[] {1, 777, 3_000, TRANSACTIONS - 1}) {
      StartResult.Found found =
          (StartResult.Found)
              StoreTester.get(
                  tester.store.resolve(
                      new StartRequest.MariaDbGtids(
                          MariaDbGtidList.parse("0-101-" + sequence), true, false, null)));
      assertThat(found.file().name()).isEqualTo("bin.000001");
      long sent = skip(found, file);
      assertThat(sent).as("first event sent").isGreaterThan(sequence * (32L << 10));
      StartScans scans = tester.store.startScans();
      assertThat(scans.lastBytes()).isLessThan(LIMIT);
      assertThat(scans.totalBytes()).isGreaterThanOrEqualTo(scans.lastBytes());
    }
    long middle = skipTo(file, file.length / 2);
    assertThat(
            StoreTester.get(
                tester.store.resolve(new StartRequest.FilePosition("bin.000001", middle))))
        .isInstanceOf(StartResult.Found.class);
    assertThat(tester.store.startScans().lastBytes()).isLessThan(LIMIT);
  }

  /** Shows the filter the file as a cursor does; where the first event of a group is sent. */
  private static long skip(StartResult.Found found, byte[] file) {
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int at = (int) found.position();
    while (!found.filter().passThrough()) {
      int length = EventHeader.requireLength(buf, at);
      found.filter().onEvent(buf, at, length, length, true, at);
      found.filter().takeAfter();
      at += length;
    }
    return at;
  }

  private static long skipTo(byte[] file, long position) {
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int at = 4;
    while (at < position) {
      at += EventHeader.requireLength(buf, at);
    }
    return at;
  }
}

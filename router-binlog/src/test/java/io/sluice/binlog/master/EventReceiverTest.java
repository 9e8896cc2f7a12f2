package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.ResumePoint;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventReceiverTest {
  private final CollectingWriter writer = new CollectingWriter();
  private final Recorder recorder = new Recorder();
  private EventReceiver receiver;

  private static final class Recorder implements EventReceiver.Listener {
    LinkFailure failure;
    int failures;
    int queueFull;

    @Override
    public void onQueueFull() {
      queueFull++;
    }

    @Override
    public void onFailed(LinkFailure reason) {
      failure = reason;
      failures++;
    }
  }

  @AfterEach
  void release() {
    if (receiver != null) {
      receiver.close();
    }
  }

  private StoredTail tail;

  private EventReceiver receiver(ResumePoint resume, String file, long position) {
    LinkCounters counters = new LinkCounters(Clock.systemUTC());
    receiver =
        new EventReceiver(
            writer,
            ByteBufAllocator.DEFAULT,
            new EventIntake(resume, file, position, true, tail, counters),
            counters,
            false,
            recorder);
    return receiver;
  }

  private static ResumePoint resumeAt(String file, long offset, byte[] content) {
    ByteBuf buf = Unpooled.wrappedBuffer(content);
    return new ResumePoint(
        new BinlogFileId(1, file),
        offset,
        MariaDbBinlogState.EMPTY,
        FormatDescription.decode(buf, 4, EventHeader.requireLength(buf, 4)));
  }

  private static byte[] events(byte[] file) {
    return Arrays.copyOfRange(file, 4, file.length);
  }

  static java.util.List<String> logs() {
    return Samples.versions().stream()
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> !log.contains("torn") && !log.contains("encrypted"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldStoreRealLogsByteForByteHoweverTheyAreCut(String log) {
    StreamBuilder stream = new StreamBuilder();
    boolean checksums = true;
    for (String file : Samples.filesOf(log)) {
      byte[] bytes = Samples.cleared(file);
      stream.rotate(name(file), 4, checksums).file(bytes, 4);
      checksums = hasChecksums(bytes);
    }
    for (int largest : new int[] {1, 7, 1000, 100_000}) {
      if (largest < 1000 && stream.size() > 20_000) {
        continue;
      }
      writer.files.clear();
      stream.feed(receiver(ResumePoint.EMPTY, "", 4), new Random(largest), largest);
      assertThat(recorder.failure).isNull();
      for (String file : Samples.filesOf(log)) {
        assertThat(writer.stored(name(file)))
            .as(file + " cut to " + largest)
            .isEqualTo(events(Samples.cleared(file)));
      }
      receiver.close();
    }
  }

  private static String name(String file) {
    return file.substring(file.indexOf('/') + 1);
  }

  private static boolean hasChecksums(byte[] file) {
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    return FormatDescription.decode(buf, 4, EventHeader.requireLength(buf, 4)).hasChecksums();
  }

  private void take(EventReceiver open, byte[] stream, int length) {
    for (int at = 0; at < length; at += 50) {
      open.take(Unpooled.copiedBuffer(stream, at, Math.min(50, length - at)));
    }
  }

  @Test
  void shouldHandOnWhatATurnOfTheLoopHasBroughtWhenTheTurnIsOver() {
    byte[] file = log().bytes();
    byte[] stream = new StreamBuilder().rotate("b.000001", 4, true).file(file, 4).bytes();
    EventReceiver open = receiver(ResumePoint.EMPTY, "b.000001", 4);

    take(open, stream, stream.length);
    assertThat(writer.stored("b.000001")).isEmpty();
    open.flush();

    assertThat(writer.stored("b.000001")).isEqualTo(events(file));
  }

  @Test
  void shouldHandOnWholeEventsWhenItIsClosedAndForgetABeginning() {
    byte[] file = log().bytes();
    byte[] stream = new StreamBuilder().rotate("b.000001", 4, true).file(file, 4).bytes();
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int last = 4;
    while (last + EventHeader.requireLength(buf, last) < file.length) {
      last += EventHeader.requireLength(buf, last);
    }
    EventReceiver open = receiver(ResumePoint.EMPTY, "b.000001", 4);

    take(open, stream, stream.length - 3);
    open.close();

    assertThat(writer.stored("b.000001")).isEqualTo(Arrays.copyOfRange(file, 4, last));
  }

  private static SyntheticLog log() {
    return new SyntheticLog().startFile().transaction(100).transaction(500).transaction(90);
  }

  @Test
  void shouldStoreEventsOfMoreThanOnePacket() {
    SyntheticLog log = new SyntheticLog().startFile().transaction(100).transaction(40_000_000);
    byte[] file = log.transaction(300).transaction(0xffffff - 1 - 19 - 4).transaction(50).bytes();
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .feed(receiver(ResumePoint.EMPTY, "b.000001", 4), new Random(1), 1 << 20);
    assertThat(recorder.failure).isNull();
    assertThat(Arrays.equals(writer.stored("b.000001"), events(file))).isTrue();
  }

  @Test
  void shouldRefuseAGiantEventWithAWrongByteBeforeItIsComplete() {
    byte[] file = new SyntheticLog().startFile().transaction(1_000_000).bytes();
    file[500_000] ^= 1;
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .feed(receiver(ResumePoint.EMPTY, "b.000001", 4), new Random(2), 65_536);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.MISMATCH);
    assertThat(recorder.failure.message()).contains("checksum");
    assertThat(writer.stored("b.000001").length).isLessThan(1_000_000);
  }

  @Test
  void shouldRefuseAnEventWithAWrongChecksumAndStoreAllBeforeIt() {
    SyntheticLog log = log();
    byte[] good = log.bytes();
    long cut = log.boundaries().get(log.boundaries().size() - 2);
    byte[] bad = good.clone();
    bad[(int) cut + 25] ^= 1;
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(bad, 4)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(3), 50);
    assertThat(recorder.failures).isEqualTo(1);
    assertThat(recorder.failure.message()).contains("b.000001 at " + cut, "checksum");
    assertThat(writer.stored("b.000001")).isEqualTo(Arrays.copyOfRange(good, 4, (int) cut));
  }

  @Test
  void shouldRefuseAGap() {
    byte[] file = log().bytes();
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int format = EventHeader.requireLength(buf, 4);
    int skipped = EventHeader.requireLength(buf, 4 + format);
    StreamBuilder stream = new StreamBuilder().rotate("b.000001", 4, true).event(file, 4, format);
    int next = 4 + format + skipped;
    stream.event(file, next, EventHeader.requireLength(buf, next));
    stream.feed(receiver(ResumePoint.EMPTY, "", 4), new Random(4), 100);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.MISMATCH);
    assertThat(recorder.failure.message()).contains("says that it ends at");
  }

  /** As a MariaDB 11.4 master writes what is inside a group. */
  @Test
  void shouldCountPositionsWhereAnEventDoesNotTellItsOwn() {
    byte[] file = log().bytes();
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int zeroed = 0;
    for (int at = 4; at < file.length; at += EventHeader.requireLength(buf, at)) {
      if (file[at + 4] == 23) {
        buf.setIntLE(at + 13, 0);
        EventChecksum.seal(buf, at, EventHeader.requireLength(buf, at));
        zeroed++;
      }
    }
    assertThat(zeroed).isPositive();
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(41), 100);
    assertThat(recorder.failure).isNull();
    assertThat(writer.stored("b.000001")).isEqualTo(events(file));
  }

  @Test
  void shouldRefuseAnEventThatTellsAnotherPosition() {
    byte[] file = log().bytes();
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    int at = 4 + EventHeader.requireLength(buf, 4);
    int last = at;
    while (at < file.length) {
      last = at;
      at += EventHeader.requireLength(buf, at);
    }
    buf.setIntLE(last + 13, file.length + 1);
    EventChecksum.seal(buf, last, file.length - last);
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(42), 100);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.MISMATCH);
    assertThat(recorder.failure.message())
        .contains("b.000001 at " + last, "says that it ends at " + (file.length + 1));
    assertThat(writer.stored("b.000001")).isEqualTo(Arrays.copyOfRange(file, 4, last));
  }

  @Test
  void shouldNotStoreWhatIsMadeForTheStreamOnly() {
    byte[] file = log().bytes();
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .heartbeat("b.000001", file.length, true)
        .heartbeat("b.000001", file.length, true)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(5), 100);
    assertThat(recorder.failure).isNull();
    assertThat(writer.stored("b.000001")).isEqualTo(events(file));
  }

  @Test
  void shouldSeeFromAHeartbeatThatSomethingIsMissing() {
    byte[] file = log().bytes();
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .heartbeat("b.000001", file.length + 100, true)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(5), 100);
    assertThat(recorder.failure.code()).isEqualTo(LinkFailure.HEARTBEAT);
  }

  @Test
  void shouldResumeInTheMiddleOfAFile() {
    SyntheticLog log = log();
    byte[] file = log.bytes();
    long cut = log.boundaries().get(log.boundaries().size() - 2);
    writer.resume("b.000001", cut);
    new StreamBuilder()
        .rotate("b.000001", cut, true)
        .file(file, (int) cut)
        .feed(receiver(resumeAt("b.000001", cut, file), "b.000001", cut), new Random(6), 33);
    assertThat(recorder.failure).isNull();
    assertThat(writer.stored("b.000001"))
        .isEqualTo(Arrays.copyOfRange(file, (int) cut, file.length));
  }

  @Test
  void shouldCompareWhatItHasWhenTheFileIsReadAgain() {
    SyntheticLog log = log();
    byte[] file = log.bytes();
    long cut = log.boundaries().get(log.boundaries().size() - 2);
    writer.resume("b.000001", cut);
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .feed(receiver(resumeAt("b.000001", cut, file), "b.000001", 4), new Random(7), 333);
    assertThat(recorder.failure).isNull();
    assertThat(writer.stored("b.000001"))
        .isEqualTo(Arrays.copyOfRange(file, (int) cut, file.length));
  }

  @Test
  void shouldStopWhenTheFileWasWrittenByAnotherServer() {
    byte[] ours = Samples.bytes("mariadb-10.11/small.000001");
    byte[] theirs = Samples.cleared("mariadb-11.8/small.000001");
    writer.resume("small.000001", 256);
    new StreamBuilder()
        .rotate("small.000001", 256, true)
        .file(theirs, 256)
        .feed(
            receiver(resumeAt("small.000001", 256, ours), "small.000001", 256), new Random(8), 99);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.failure.message()).contains("not ours");
    assertThat(writer.stored("small.000001")).isEmpty();
  }

  @Test
  void shouldRefuseAFileThatDoesNotFollow() {
    byte[] file = log().bytes();
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(file, 4)
        .rotate("b.000003", 4, true)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(9), 99);
    assertThat(recorder.failure.message()).contains("b.000003");
    assertThat(writer.files).containsOnlyKeys("b.000001");
  }

  @Test
  void shouldRefuseAnotherPlaceThanTheOneAskedFor() {
    new StreamBuilder()
        .rotate("b.000002", 4, true)
        .feed(receiver(ResumePoint.EMPTY, "b.000001", 4), new Random(10), 99);
    assertThat(recorder.failure.message()).contains("b.000001 at 4", "b.000002");
  }

  @Test
  void shouldReportTheMastersError() {
    ByteBuf error = Unpooled.buffer().writeByte(0xff).writeShortLE(1236);
    error.writeBytes("#HY000Could not find first log file name".getBytes());
    new StreamBuilder().payload(error).feed(receiver(ResumePoint.EMPTY, "", 4), new Random(11), 3);
    assertThat(recorder.failure.code()).isEqualTo(1236);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.failure.message()).contains("Could not find first log file name");
  }

  @Test
  void shouldTreatTheEndOfTheStreamAsALoss() {
    new StreamBuilder()
        .raw(new byte[] {5, 0, 0, 1, (byte) 0xfe, 0, 0, 2, 0})
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(12), 3);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.TRANSIENT);
  }

  @Test
  void shouldRefuseGarbage() {
    new StreamBuilder()
        .raw(new byte[] {5, 0, 0, 1, 0x33, 0, 0, 2, 0})
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(13), 3);
    assertThat(recorder.failure.kind()).isEqualTo(LinkFailure.Kind.MISMATCH);
    assertThat(recorder.failure.message()).contains("byte 51");
  }

  @Test
  void shouldSurviveAnyBytes() {
    byte[] good = new StreamBuilder().rotate("b.000001", 4, true).file(log().bytes(), 4).bytes();
    Random random = new Random(14);
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      for (int k = 0; k < 1 + random.nextInt(3); k++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      writer.files.clear();
      new StreamBuilder().raw(bad).feed(receiver(ResumePoint.EMPTY, "", 4), random, 500);
      receiver.close();
    }
    assertThat(recorder.failures).isGreaterThan(250);
  }

  @Test
  void shouldSayWhenTheStoreIsFull() {
    writer.full = true;
    new StreamBuilder()
        .rotate("b.000001", 4, true)
        .file(log().bytes(), 4)
        .feed(receiver(ResumePoint.EMPTY, "", 4), new Random(15), 100_000);
    assertThat(recorder.queueFull).isPositive();
    assertThat(recorder.failure).isNull();
  }
}

package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.Mutation;
import io.sluice.binlog.event.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailScanTest {
  private static final int PADDING = 100 << 10;
  private static final String NAME = "killed.000001";
  private static final BinlogFileId ID = new BinlogFileId(1, NAME);

  @TempDir Path directory;

  /** Appends an event with more bytes in it, a time and the right end position. */
  private static void append(ByteBuf out, byte[] event, int more, int time) {
    int at = out.writerIndex();
    int length = event.length + more;
    out.writeBytes(event, 0, event.length - EventChecksum.LENGTH);
    out.writeZero(more + EventChecksum.LENGTH);
    out.setIntLE(at, time);
    out.setIntLE(at + EventHeader.LENGTH_OFFSET, length);
    out.setIntLE(at + EventHeader.END_POSITION_OFFSET, out.writerIndex());
    EventChecksum.seal(out, at, length);
  }

  /** The file of a server, with its last transaction until it is large; ends in the middle. */
  private static ByteBuf file(String version, int bytes) {
    List<byte[]> events = Mutation.events(Samples.cleared(version + "/" + NAME));
    int begin = events.size() - 1;
    while (type(events.get(begin)) != EventType.MARIADB_GTID
        && type(events.get(begin)) != EventType.MYSQL_GTID) {
      begin--;
    }
    ByteBuf out = Unpooled.buffer().writeBytes(BinlogFileFormat.magic());
    for (byte[] event : events.subList(0, begin)) {
      out.writeBytes(event);
    }
    boolean mariaDb = type(events.get(begin)) == EventType.MARIADB_GTID;
    for (int number = 1000; out.writerIndex() < bytes; number++) {
      for (byte[] event : events.subList(begin, events.size())) {
        if (event == events.get(begin)) {
          event[EventHeader.SIZE + (mariaDb ? 0 : 17)] = (byte) number;
          event[EventHeader.SIZE + (mariaDb ? 1 : 18)] = (byte) (number >> 8);
        }
        append(out, event, type(event).isRows() ? PADDING : 0, 1_700_000_000 + number);
      }
    }
    for (byte[] event : events.subList(begin, events.size() - 1)) {
      append(out, event, 0, 1_800_000_000);
    }
    return out;
  }

  private static EventType type(byte[] event) {
    return EventType.of(event[EventHeader.TYPE_OFFSET]);
  }

  /** What a walk from the beginning up to an end sees. */
  private static FileFollower follow(FileCatalog catalog, long end) throws IOException {
    FileFollower follower = new FileFollower();
    follower.startFile();
    FileScanner scan = new FileScanner((at, target) -> catalog.read(ID, at, target), 4, end, false);
    while (scan.next()) {
      follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
    }
    assertThat(scan.nextPosition()).isEqualTo(end);
    return follower;
  }

  @ParameterizedTest
  @CsvSource({
    "mariadb-10.11, 0",
    "mariadb-11.8, 1",
    "mysql-9.7, 0",
    "mysql-9.7, 1",
    "mariadb-11.8, 2",
    "mysql-9.7, 2"
  })
  void shouldLeaveNoTraceOfAnOpenGroup(String version, int places) throws IOException {
    ByteBuf file = file(version, places * TailScan.SPACING + (1 << 20));
    Path path = Files.createDirectories(directory.resolve("0001")).resolve(NAME);
    Files.write(path, ByteBufUtil.getBytes(file));
    try (FileCatalog catalog = new FileCatalog(Disk.LOCAL, directory)) {
      FileIndex index = new FileIndex();
      RecoveredTail tail = TailScan.run(catalog, ID, file.writerIndex(), index);
      assertThat(tail).isNotNull();
      assertThat(tail.reason()).isEqualTo("transaction is incomplete");
      assertThat(tail.dropped()).isGreaterThan(1);
      FileFollower expected = follow(catalog, tail.safeEnd());
      assertThat(tail.follower())
          .usingRecursiveComparison()
          .ignoringFields("state")
          .isEqualTo(expected);
      assertThat(tail.follower().state()).isEqualTo(expected.state());
      assertThat(tail.follower().firstTime()).isPositive();
      assertThat(tail.follower().lastTime()).isBetween(1_700_000_000L, 1_799_999_999L);
      assertThat(tail.follower().endsGroup()).isTrue();
      assertThat(index.steps()[index.steps().length - 1].position())
          .isLessThanOrEqualTo(tail.safeEnd());
    }
  }
}

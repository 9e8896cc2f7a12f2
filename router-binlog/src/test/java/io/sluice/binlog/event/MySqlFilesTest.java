package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files of MySQL 9.7 and 5.6 against their listings and what their servers said. */
class MySqlFilesTest {
  /** Types that can only follow a whole group. */
  private static final Set<Integer> BETWEEN_GROUPS = Set.of(3, 4, 33, 34, 42);

  static List<String> files() {
    return Samples.mySqlFiles();
  }

  static Stream<String> logs() {
    return Samples.mySqlVersions().stream()
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> Samples.executed(log) != null);
  }

  private static boolean hasGtids(List<Samples.Line> lines) {
    return lines.stream().anyMatch(line -> Set.of(33, 34, 42).contains(line.code()));
  }

  /** In a log without GTID events: what begins a group, by its text. */
  private static boolean begins(Samples.Line line) {
    return BETWEEN_GROUPS.contains(line.code())
        || line.what().matches("Query \\| (BEGIN|create|DROP|truncate|alter).*");
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldReadHeadersAndChecksumsAsListed(String file) {
    ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
    FormatDescription format = null;
    for (Samples.Line line : Samples.listing(file)) {
      int at = (int) line.position();
      if (at + line.size() > buf.writerIndex()) {
        break;
      }
      EventHeader header = EventHeader.decode(buf, at);
      assertThat(header.typeCode()).isEqualTo(line.code());
      assertThat(header.length()).isEqualTo(line.size());
      assertThat(header.flags()).isEqualTo(line.flags());
      assertThat(header.type()).isNotEqualTo(EventType.UNKNOWN);
      if (format == null) {
        format = FormatDescription.decode(buf, at, line.size());
      }
      assertThat(EventChecksum.verify(buf, at, line.size()))
          .isEqualTo(format.hasChecksums() || line.code() == 15);
    }
    assertThat(format).isNotNull();
    assertThat(format.family()).isEqualTo(ServerFamily.MYSQL);
    assertThat(format.isMariaDb()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldFindEveryGroupBoundary(String file) {
    ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
    List<Samples.Line> lines = Samples.listing(file);
    boolean checksums = FormatDescription.decode(buf, 4, lines.get(0).size()).hasChecksums();
    boolean gtids = hasGtids(lines);
    TransactionTracker tracker = new TransactionTracker(ServerFamily.MYSQL);
    boolean safe = true;
    for (int i = 0; i < lines.size(); i++) {
      Samples.Line line = lines.get(i);
      if (line.position() + line.size() > buf.writerIndex()) {
        break;
      }
      int available = Math.min(line.size(), TransactionTracker.PREFIX);
      int given = line.code() == 2 ? line.size() : available;
      safe = tracker.onEvent(buf, (int) line.position(), given, line.size(), checksums);
      assertThat(tracker.wasInterrupted()).as("%s", line).isFalse();
      if (i + 1 < lines.size()) {
        Samples.Line next = lines.get(i + 1);
        boolean boundary = gtids ? BETWEEN_GROUPS.contains(next.code()) : begins(next);
        assertThat(safe).as("after %s", line).isEqualTo(boundary || next.code() == 35);
      }
    }
    assertThat(safe).isEqualTo(!file.contains("torn-"));
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldArriveAtTheServersGtidState(String log) {
    MySqlGtidSet.Builder state = new MySqlGtidSet.Builder();
    TransactionTracker tracker = new TransactionTracker(ServerFamily.MYSQL);
    for (String file : Samples.filesOf(log)) {
      ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
      FormatDescription format = null;
      for (Samples.Line line : Samples.listing(file)) {
        int at = (int) line.position();
        if (line.code() == 15) {
          format = FormatDescription.decode(buf, at, line.size());
        }
        if (line.code() == 35) {
          assertThat(format.stateIn(buf, at, line.size())).isEqualTo(state.snapshot());
        }
        if (line.code() == 33 || line.code() == 42) {
          MySqlGtidEvent event = MySqlGtidEvent.decode(buf, at, line.size());
          assertThat(line.what() + " ")
              .startsWith("gtid=" + event.tsid() + ":" + event.number() + " ");
        }
        if (tracker.onEvent(buf, at, line.size(), line.size(), format.hasChecksums())) {
          tracker.addGtidTo(state);
        }
      }
    }
    assertThat(state.snapshot()).hasToString(Samples.executed(log));
  }
}

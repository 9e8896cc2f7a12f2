package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.ServerFamily;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RealFilesTest {
  /** Types that can only follow a complete group. */
  private static final Set<Integer> BETWEEN_GROUPS = Set.of(3, 4, 15, 161, 162, 163, 164);

  static List<String> files() {
    return Samples.files();
  }

  static Stream<String> logs() {
    return Samples.versions().stream()
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> Samples.gtid(log) != null);
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldReadHeadersAndChecksumsAsListed(String file) {
    ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
    FormatDescription format = null;
    int at = 4;
    for (Samples.Line line : Samples.listing(file)) {
      if (line.position() + line.size() > buf.writerIndex()) {
        break;
      }
      assertThat((long) at).isEqualTo(line.position());
      EventHeader header = EventHeader.decode(buf, at);
      assertThat(header.typeCode()).isEqualTo(line.code());
      assertThat(header.length()).isEqualTo(line.size());
      assertThat(header.endPosition()).isEqualTo(line.endPosition());
      assertThat(header.serverId()).isEqualTo(line.serverId());
      assertThat(header.flags()).isEqualTo(line.flags());
      assertThat(header.type()).isNotEqualTo(EventType.UNKNOWN);
      assertThat(EventHeader.endPositionAgrees(header.endPosition(), at, header.length())).isTrue();
      int length = EventHeader.requireLength(buf, at);
      if (format == null) {
        format = FormatDescription.decode(buf, at, length);
      }
      assertThat(EventChecksum.verify(buf, at, length))
          .isEqualTo(format.hasChecksums() || line.code() == 15);
      at += length;
    }
    assertThat(format).isNotNull();
    assertThat(format.isMariaDb()).isTrue();
    assertThat(format.serverId()).isEqualTo(101);
    assertThat(format.postHeaderLength(162)).isEqualTo(19);
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldFindEveryGroupBoundary(String file) {
    ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
    List<Samples.Line> lines = Samples.listing(file);
    boolean checksums = FormatDescription.decode(buf, 4, lines.get(0).size()).hasChecksums();
    TransactionTracker tracker = new TransactionTracker(ServerFamily.MARIADB);
    boolean safe = true;
    for (int i = 0; i < lines.size(); i++) {
      Samples.Line line = lines.get(i);
      if (line.position() + line.size() > buf.writerIndex()) {
        break;
      }
      safe = tracker.onEvent(buf, (int) line.position(), line.size(), line.size(), checksums);
      assertThat(tracker.wasInterrupted()).isFalse();
      if (i + 1 < lines.size()) {
        assertThat(safe)
            .as("after %s", line)
            .isEqualTo(BETWEEN_GROUPS.contains(lines.get(i + 1).code()));
      }
    }
    assertThat(safe).isEqualTo(!file.contains("torn-"));
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldArriveAtTheServersGtidState(String log) {
    MariaDbBinlogState.Builder state = new MariaDbBinlogState.Builder();
    for (String file : Samples.filesOf(log)) {
      ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
      boolean checksums = true;
      TransactionTracker tracker = new TransactionTracker(ServerFamily.MARIADB);
      for (Samples.Line line : Samples.listing(file)) {
        int at = (int) line.position();
        if (line.code() == 15) {
          checksums = FormatDescription.decode(buf, at, line.size()).hasChecksums();
        }
        if (line.code() == 163) {
          MariaDbBinlogState listed = GtidListEvent.decode(buf, at, line.size(), checksums).state();
          assertThat(listed).isEqualTo(state.snapshot());
        }
        if (line.code() == 162) {
          GtidEvent event = GtidEvent.decode(buf, at, line.size(), checksums);
          assertThat(line.what()).startsWith("gtid=" + event.gtid());
          assertThat(line.what().contains(" ddl")).isEqualTo((event.flags() & GtidEvent.DDL) != 0);
        }
        if (tracker.onEvent(buf, at, line.size(), line.size(), checksums)) {
          tracker.addGtidTo(state);
        }
      }
    }
    String[] said = Samples.gtid(log);
    assertThat(state.snapshot().position().toString()).isEqualTo(said[0]);
    assertThat(state.snapshot().toString()).isEqualTo(said.length > 1 ? said[1] : "");
  }
}

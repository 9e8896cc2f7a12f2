package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.Samples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredTailTest {
  static List<String> files() {
    return Samples.files().stream()
        .filter(file -> !file.contains("torn") && !file.contains("encrypted"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldFindTheLastEventWhereverAFileEnds(String file) {
    byte[] bytes = Samples.cleared(file);
    var buf = Unpooled.wrappedBuffer(bytes);
    int length = EventHeader.requireLength(buf, 4);
    boolean checksums = FormatDescription.decode(buf, 4, length).hasChecksums();
    int first = 4 + length;
    int found = 0;
    for (Samples.Line line : Samples.listing(file)) {
      int end = (int) line.position() + line.size();
      if (line.position() < first
          || line.size() > 60_000
          || (!checksums && line.endPosition() == 0)) {
        continue;
      }
      byte[] window = Arrays.copyOfRange(bytes, first, end);
      StoredTail tail = StoredTail.find(window, first, checksums).orElseThrow();
      assertThat(tail.position()).as(line.toString()).isEqualTo(line.position());
      assertThat(tail.matches(buf, (int) line.position(), line.size())).isTrue();
      found++;
    }
    assertThat(found).isPositive();
  }

  @Test
  void shouldFindNothingInBytesThatAreNoEvent() {
    assertThat(StoredTail.find(new byte[5000], 300, true)).isEmpty();
    assertThat(StoredTail.find(new byte[5000], 300, false)).isEmpty();
    assertThat(StoredTail.find(new byte[3], 300, true)).isEmpty();
  }
}

package io.sluice.binlog.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.store.BinlogFileId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtHandTest {
  private static final BinlogFileId FILE = new BinlogFileId(1, "bin.000001");
  private static final BinlogFileId OTHER = new BinlogFileId(1, "bin.000002");
  private static final long END = 100L << 20;

  private final List<Long> asked = new ArrayList<>();
  private long inMemory = END;
  private long now = -5;
  private final AtHand atHand =
      new AtHand(
          (file, position, length) -> {
            asked.add(position);
            return position + length <= inMemory;
          },
          () -> now);

  private boolean has(BinlogFileId file, long position) {
    return atHand.has(new ChunkLoader.Request(file, position, position, 0, END));
  }

  @Test
  void shouldAskOnceForSeveralChunks() {
    for (long at = 4; at < 10 << 20; at += FeedOptions.GRID) {
      assertThat(has(FILE, at)).isTrue();
    }
    // The room for an event that crosses the end of the last chunk must be there too.
    assertThat(asked).hasSizeBetween(5, 7);
  }

  @Test
  void shouldNotAskAgainAtOnceForWhatWasAbsent() {
    inMemory = 0;
    assertThat(has(FILE, 4)).isFalse();
    assertThat(has(FILE, 4)).isFalse();
    assertThat(has(FILE, 4 + AtHand.REACH / 2 - 1)).isFalse();
    assertThat(asked).hasSize(1);
    inMemory = END;
    assertThat(has(FILE, 4 + AtHand.REACH / 2)).isTrue();
    assertThat(asked).hasSize(2);
  }

  @Test
  void shouldAskAgainWhenTheAnswerIsOld() {
    assertThat(has(FILE, 4)).isTrue();
    inMemory = 0;
    now += AtHand.GOOD_FOR;
    assertThat(has(FILE, 4 + FeedOptions.GRID)).isTrue();
    now++;
    assertThat(has(FILE, 4 + FeedOptions.GRID)).isFalse();
    inMemory = END;
    now += AtHand.GOOD_FOR + 1;
    assertThat(has(FILE, 4 + FeedOptions.GRID)).isTrue();
  }

  @Test
  void shouldAskAgainForAnotherFile() {
    assertThat(has(FILE, 4)).isTrue();
    inMemory = 0;
    assertThat(has(OTHER, 4)).isFalse();
    assertThat(asked).containsExactly(4L, 4L);
  }

  @Test
  void shouldWantNoMoreThanIsVisible() {
    inMemory = 5000;
    assertThat(atHand.has(new ChunkLoader.Request(FILE, 4, 4, 0, 5000))).isTrue();
    assertThat(atHand.has(new ChunkLoader.Request(OTHER, 4, 4, 0, 5001))).isFalse();
  }
}

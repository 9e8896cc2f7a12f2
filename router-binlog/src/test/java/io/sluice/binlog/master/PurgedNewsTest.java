package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Watermark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgedNewsTest {
  private static final String A = "aaaaaaaa-0000-11f0-8000-00000000000a:";
  private static final String B = "bbbbbbbb-0000-11f0-8000-00000000000b:";

  private static MySqlGtidSet set(String text) {
    return MySqlGtidSet.parse(text.replace("A:", A).replace("B:", B).replace(';', ','));
  }

  /** The source has A:1-9 executed, of which A:1-5 stood in files that are purged. */
  @ParameterizedTest
  @CsvSource({
    // the last of what the source has in its files is not here: A:4-5 may be on its way
    "A:1-3,     m.000002, 500, false",
    "A:1-8,     m.000003, 500, false",
    // here: so is all before it
    "A:1-9,     m.000003, 500, true",
    "A:1-12,    m.000003, 500, true",
    // the place where its log ended is reached
    "A:1-3,     m.000003, 900, true",
    "A:1-3,     m.000003, 899, false",
    "A:1-3,     m.000004, 4,   true",
    "A:1-3,     m.000002, 999, false",
    // a log of another name tells nothing
    "A:1-3,     x.000009, 999, false"
  })
  void shouldDecideWhenAllThatWasOnItsWayIsHere(
      String ours, String file, long offset, boolean decided) {
    PurgedNews news = new PurgedNews(set("A:1-5;B:1"), set("A:1-9;B:1"), "m.000003", 900);
    Watermark end = new Watermark(1, new BinlogFileId(1, file), offset, set(ours), 0, 0);
    assertThat(news.isDecided(end, set(ours))).isEqualTo(decided);
  }

  @ParameterizedTest
  @CsvSource({
    // nothing in the files of the source: only the place tells
    "'', 0, A:1-5, false",
    "m.000003, 100, A:1-3, false",
    "m.000003, 99,  A:1-3, true",
    "m.3/x, 1, A:1-3, false"
  })
  void shouldGoByThePlaceIfNoFileOfTheSourceHasATransaction(
      String file, long position, String ours, boolean decided) {
    PurgedNews news = new PurgedNews(set("A:1-5"), set("A:1-5"), file, position);
    Watermark end = new Watermark(1, new BinlogFileId(1, "m.000003"), 99, set(ours), 0, 0);
    assertThat(news.isDecided(end, set(ours))).isEqualTo(decided);
  }

  @ParameterizedTest
  @CsvSource({"A:1-5, true", "A:1-4, false", "B:1, false"})
  void shouldBeKnownIfAllOfItIsHere(String ours, boolean known) {
    assertThat(new PurgedNews(set("A:1-5"), set("A:1-5"), "", 0).isKnown(set(ours)))
        .isEqualTo(known);
  }
}

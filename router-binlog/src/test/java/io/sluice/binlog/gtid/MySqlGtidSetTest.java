package io.sluice.binlog.gtid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlGtidSetTest {
  private static final String A = "12345678-1234-5678-1234-567812345678";
  private static final String B = "a2345678-1234-5678-1234-567812345678";
  private static final List<MySqlTsid> PAIRS =
      List.of(
          MySqlTsid.of(UUID.fromString(A)),
          new MySqlTsid(0x1234567812345678L, 0x1234567812345678L, "red"),
          new MySqlTsid(0x1234567812345678L, 0x1234567812345678L, "_blue2"),
          MySqlTsid.of(UUID.fromString(B)));

  /** The naive model: every GTID by itself. */
  private record Id(MySqlTsid tsid, long number) {}

  private static Set<Id> model(MySqlGtidSet set) {
    Set<Id> ids = new HashSet<>();
    for (int i = 0; i < set.size(); i++) {
      GtidIntervals numbers = set.numbers(i);
      for (int at = 0; at < numbers.bounds(); at += 2) {
        assertThat(numbers.bound(at)).isLessThan(numbers.bound(at + 1));
        assertThat(at == 0 || numbers.bound(at - 1) < numbers.bound(at)).isTrue();
        for (long number = numbers.bound(at); number < numbers.bound(at + 1); number++) {
          ids.add(new Id(set.tsid(i), number));
        }
      }
      assertThat(i == 0 || set.tsid(i - 1).compareTo(set.tsid(i)) < 0).isTrue();
    }
    return ids;
  }

  private static void add(MySqlGtidSet.Builder builder, Id id) {
    builder.add(id.tsid().high(), id.tsid().low(), id.tsid().tag(), id.number());
  }

  private static MySqlGtidSet random(Random random, int most) {
    MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
    int count = random.nextInt(most);
    for (int i = 0; i < count; i++) {
      MySqlTsid tsid = PAIRS.get(random.nextInt(PAIRS.size()));
      long from = 1 + random.nextInt(60);
      builder.add(tsid, from, from + 1 + random.nextInt(8));
    }
    return builder.snapshot();
  }

  @Test
  void shouldCalculateAsTheModel() {
    Random random = new Random(4);
    for (int round = 0; round < 3000; round++) {
      MySqlGtidSet one = random(random, 14);
      MySqlGtidSet two = round % 3 == 0 ? one.union(random(random, 4)) : random(random, 14);
      Set<Id> a = model(one);
      Set<Id> b = model(two);
      Set<Id> union = new HashSet<>(a);
      union.addAll(b);
      Set<Id> difference = new HashSet<>(a);
      difference.removeAll(b);
      Set<Id> both = new HashSet<>(a);
      both.retainAll(b);

      assertThat(model(one.union(two))).isEqualTo(union);
      assertThat(model(one.subtract(two))).isEqualTo(difference);
      assertThat(model(one.intersect(two))).isEqualTo(both);
      assertThat(one.containsAll(two)).isEqualTo(a.containsAll(b));
      assertThat(two.containsAll(one)).isEqualTo(b.containsAll(a));
      assertThat(one.count()).isEqualTo(a.size());
      assertThat(one.equals(two)).isEqualTo(a.equals(b));
      Id id = new Id(PAIRS.get(random.nextInt(PAIRS.size())), 1 + random.nextInt(70));
      assertThat(one.contains(id.tsid(), id.number())).isEqualTo(a.contains(id));
      assertThat(MySqlGtidSet.parse(one.toString())).isEqualTo(one).hasSameHashCodeAs(one);
    }
  }

  @Test
  void shouldCollectInAnyOrderWhileSnapshotsStayAsTheyWere() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      MySqlGtidSet.Builder builder = random(random, 5).toBuilder();
      Set<Id> expected = new HashSet<>(model(builder.snapshot()));
      List<MySqlGtidSet> snapshots = new ArrayList<>();
      List<Set<Id>> models = new ArrayList<>();
      MySqlGtidSet.Builder fork = builder;
      for (int step = 0; step < 60; step++) {
        Id id = new Id(PAIRS.get(random.nextInt(PAIRS.size())), 1 + step + random.nextInt(6));
        add(builder, id);
        expected.add(id);
        if (random.nextInt(3) == 0) {
          snapshots.add(builder.snapshot());
          models.add(new HashSet<>(expected));
        }
        if (random.nextInt(10) == 0) {
          // Two builders go on from one snapshot.
          fork = builder.snapshot().toBuilder();
        }
        add(fork, new Id(PAIRS.get(0), 1000 + step * 2L));
        if (fork == builder) {
          expected.add(new Id(PAIRS.get(0), 1000 + step * 2L));
        }
      }
      for (int i = 0; i < snapshots.size(); i++) {
        assertThat(model(snapshots.get(i))).isEqualTo(models.get(i));
      }
      for (int i = 1; i < snapshots.size(); i++) {
        MySqlGtidSet older = snapshots.get(i - 1);
        MySqlGtidSet newer = snapshots.get(i);
        MySqlGtidSet changes = newer.changesSince(older);
        assertThat(changes).isEqualTo(newer.subtract(older));
        assertThat(newer.containsAll(older)).isTrue();
        MySqlGtidSet.Builder again = older.toBuilder();
        again.update(changes);
        assertThat(again.snapshot()).isEqualTo(newer);
      }
    }
  }

  @Test
  void shouldEncodeAndDecode() {
    Random random = new Random(6);
    for (int round = 0; round < 500; round++) {
      MySqlGtidSet set = random(random, 20);
      ByteBuf out = Unpooled.buffer().writeZero(3);
      set.encode(out, false);
      assertThat(MySqlGtidSet.decode(out, 3, out.writerIndex() - 3)).isEqualTo(set);
      out.clear();
      set.encode(out, true);
      MySqlGtidSet plain = MySqlGtidSet.decode(out, 0, out.writerIndex());
      Set<Id> untagged = model(set);
      untagged.removeIf(id -> id.tsid().isTagged());
      assertThat(model(plain)).isEqualTo(untagged);
      assertThat(plain.hasTags()).isFalse();
    }
  }

  @Test
  void shouldUseTheEncodingWithTagsOnlyIfThereAreAny() {
    ByteBuf out = Unpooled.buffer();
    MySqlGtidSet.parse(A + ":1-5:red:7").encode(out, false);
    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo(
            "0102000000000001"
                + "12345678123456781234567812345678"
                + "00"
                + "0100000000000000"
                + "01000000000000000600000000000000"
                + "12345678123456781234567812345678"
                + "06726564"
                + "0100000000000000"
                + "07000000000000000800000000000000");
    out.clear();
    MySqlGtidSet.parse(A + ":1-5:red:7").encode(out, true);
    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo(
            "0100000000000000"
                + "12345678123456781234567812345678"
                + "0100000000000000"
                + "01000000000000000600000000000000");
    out.clear();
    MySqlGtidSet.EMPTY.encode(out, false);
    assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0000000000000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Too short, a count without pairs, an unknown format, something behind.
        "00000000000000",
        "0100000000000000",
        "0000000000000002",
        "000000000000000000",
        "0101000000000001",
        // An interval that is empty, backwards, below 1, not behind the one before, or touches it.
        "01000000000000001234567812345678123456781234567801000000000000000500000000000000"
            + "0500000000000000",
        "01000000000000001234567812345678123456781234567801000000000000000000000000000000"
            + "0500000000000000",
        "01000000000000001234567812345678123456781234567802000000000000000100000000000000"
            + "050000000000000005000000000000000600000000000000",
        // More intervals than bytes, negative count.
        "0100000000000000123456781234567812345678123456780200000000000000"
            + "01000000000000000500000000000000",
        "010000000000000012345678123456781234567812345678ffffffffffffffff",
        // A tag of a wrong length, with a wrong character.
        "0101000000000001123456781234567812345678123456780372"
            + "010000000000000001000000000000000500000000000000",
        "010100000000000112345678123456781234567812345678022d"
            + "010000000000000001000000000000000500000000000000"
      })
  void shouldRefuseAMalformedEncoding(String hex) {
    ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    assertThatExceptionOfType(GtidFormatException.class)
        .isThrownBy(() -> MySqlGtidSet.decode(in, 0, in.readableBytes()))
        .satisfies(e -> assertThat(e.errorCode()).isEqualTo(1773))
        .withMessage("Malformed GTID set encoding.");
  }

  /** Each answer is that of MySQL 9.7.4 to {@code SELECT GTID_SUBTRACT(…, '')}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''",
        "' , ,'|''",
        "12345678-1234-5678-1234-567812345678|''",
        "12345678-1234-5678-1234-567812345678:abc|''",
        "12345678-1234-5678-1234-567812345678:5-0|''",
        "12345678123456781234567812345678:1|12345678-1234-5678-1234-567812345678:1",
        "{12345678-1234-5678-1234-567812345678}:1|12345678-1234-5678-1234-567812345678:1",
        "A2345678-1234-5678-1234-567812345678:1|a2345678-1234-5678-1234-567812345678:1",
        "' 12345678-1234-5678-1234-567812345678 : 08 - 10 ,,'"
            + "|12345678-1234-5678-1234-567812345678:8-10",
        "12345678-1234-5678-1234-567812345678: abc :5|12345678-1234-5678-1234-567812345678:abc:5",
        "12345678-1234-5678-1234-567812345678:9223372036854775806"
            + "|12345678-1234-5678-1234-567812345678:9223372036854775806",
        "12345678-1234-5678-1234-567812345678:A:5,12345678-1234-5678-1234-567812345678:5:b:3:2:a:6"
            + "|12345678-1234-5678-1234-567812345678:5:a:5-6:b:2-3",
        "12345678-1234-5678-1234-567812345678:3:1-2:7|12345678-1234-5678-1234-567812345678:1-3:7",
      })
  void shouldReadTextAsTheServer(String text, String expected) {
    assertThat(MySqlGtidSet.parse(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        A + ":5:",
        A + ":0",
        A + ":0x10",
        A + ":+5",
        A + ":-5",
        A + ":9223372036854775807",
        A + ":1:5x",
        A + ":a b:5",
        A + ":tag-:5",
        A + ":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:5",
        "12345678-1234-5678-1234-56781234567:1",
        "12345678-123405678-1234-567812345678:1",
        "{12345678-1234-5678-1234-567812345678:1"
      })
  void shouldRefuseMalformedTextAsTheServer(String text) {
    assertThatExceptionOfType(GtidFormatException.class)
        .isThrownBy(() -> MySqlGtidSet.parse(text))
        .satisfies(e -> assertThat(e.errorCode()).isEqualTo(1772))
        .withMessage("Malformed GTID set specification '" + text + "'.");
  }

  @Test
  void shouldPrintServersOnLinesOfTheirOwn() {
    MySqlGtidSet set = MySqlGtidSet.parse(B + ":1:3-4:red:2-3," + A + ":red:9:1");
    assertThat(set).hasToString(A + ":red:1:9,\n" + B + ":1:3-4:red:2-3");
  }

  @Test
  void shouldTellTheGtidsOfOneServer() {
    MySqlGtidSet set = MySqlGtidSet.parse(A + ":1-3:red:9," + B + ":4");
    assertThat(set.ofServer(UUID.fromString(A))).hasToString(A + ":1-3:red:9");
    assertThat(set.ofServer(UUID.randomUUID()).isEmpty()).isTrue();
  }

  @Test
  void shouldTakeEmptyStatesOfTheOtherFamilyOnly() {
    MySqlGtidSet set = MySqlGtidSet.parse(A + ":1-3");
    MariaDbBinlogState other = MariaDbBinlogState.parse("0-1-1");
    assertThat(set.contains(MariaDbBinlogState.EMPTY)).isTrue();
    assertThat(MariaDbBinlogState.of(MySqlGtidSet.EMPTY)).isSameAs(MariaDbBinlogState.EMPTY);
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> set.contains(other));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> MariaDbBinlogState.of(set));
  }

  /** A log whose history has gaps must not cost more the longer it gets. */
  @Test
  void shouldShareWhatDoesNotChange() {
    MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
    for (int i = 0; i < 1000; i++) {
      builder.add(i, 7, "", 1);
    }
    MySqlTsid busy = new MySqlTsid(500, 7, "");
    MySqlGtidSet before = builder.snapshot();
    for (long number = 3; number < 400_000; number += 2) {
      builder.add(busy.high(), busy.low(), busy.tag(), number);
      if (number % 401 == 0) {
        MySqlGtidSet now = builder.snapshot();
        assertThat(now.changesSince(before).size()).isEqualTo(1);
        before = now;
      }
    }
    assertThat(before.intervals()).isGreaterThan(199_000);
    for (int i = 0; i < before.size(); i++) {
      if (!before.tsid(i).equals(busy)) {
        assertThat(builder.snapshot().numbers(i)).isSameAs(before.numbers(i));
      }
    }
  }
}

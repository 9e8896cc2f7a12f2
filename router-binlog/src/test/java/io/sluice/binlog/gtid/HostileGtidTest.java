package io.sluice.binlog.gtid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.testkit.memory.Allocations;
import io.sluice.testkit.random.RandomInput;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** GTID sets of MySQL from somebody who means no good: as bytes and as text. */
class HostileGtidTest {
  private static final String UUID = "12345678-1234-5678-1234-567812345678";
  private static final String LETTERS = "0123456789abcdefABCDEF-:,_{} \t\ng~\u00e9\u0000";

  private static MySqlGtidSet decode(byte[] bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    return MySqlGtidSet.decode(in, 0, bytes.length);
  }

  @Test
  void shouldSurviveAnyEncoding() {
    RandomInput.run(
        20_000,
        random -> {
          byte[] bytes = random.nextBoolean() ? RandomInput.bytes(random, 200) : mutated(random);
          Allocations.assertBounded(
              () -> {
                try {
                  MySqlGtidSet set = decode(bytes);
                  // What is accepted is a set: it says of itself what it says when it is read
                  // again.
                  assertThat(MySqlGtidSet.parse(set.toString())).isEqualTo(set);
                } catch (GtidFormatException e) {
                  assertThat(e.getMessage()).isEqualTo("Malformed GTID set encoding.");
                }
              });
        });
  }

  /** A valid encoding with a few bytes changed, or cut, or with something behind. */
  private static byte[] mutated(Random random) {
    MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      long from = 1 + random.nextInt(50);
      builder.add(
          new MySqlTsid(7, random.nextInt(3), random.nextInt(3) == 0 ? "tag" : ""),
          from,
          from + 1 + random.nextInt(9));
    }
    ByteBuf out = Unpooled.buffer();
    builder.snapshot().encode(out, false);
    return RandomInput.mutated(random, out);
  }

  @Test
  void shouldSurviveAnyText() {
    RandomInput.run(
        20_000,
        random -> {
          String text = text(random);
          try {
            MySqlGtidSet set = MySqlGtidSet.parse(text);
            assertThat(MySqlGtidSet.parse(set.toString())).as(text).isEqualTo(set);
            ByteBuf out = Unpooled.buffer();
            set.encode(out, false);
            assertThat(MySqlGtidSet.decode(out, 0, out.readableBytes())).as(text).isEqualTo(set);
          } catch (GtidFormatException e) {
            assertThat(e.getMessage()).startsWith("Malformed GTID set specification '");
            assertThat(e.getMessage()).hasSizeLessThan(300);
          }
        });
  }

  /** Mostly a set, with something wrong in it. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int part = random.nextInt(4); part >= 0; part--) {
      text.append(random.nextInt(8) == 0 ? UUID.replace("-", "") : UUID);
      for (int interval = random.nextInt(4); interval > 0; interval--) {
        text.append(random.nextInt(4) == 0 ? ":tag" : "").append(':').append(random.nextInt(40));
        text.append(random.nextBoolean() ? "-" + random.nextInt(40) : "");
      }
      text.append(',');
    }
    for (int change = random.nextInt(4); change > 0; change--) {
      char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
      int at = random.nextInt(text.length());
      if (random.nextBoolean()) {
        text.setCharAt(at, letter);
      } else {
        text.insert(at, letter);
      }
    }
    return text.toString();
  }

  /** One small interval after the other in front of the known ones, as text and as bytes. */
  @Test
  void shouldTakeManyIntervalsInDescendingOrder() {
    int count = 300_000;
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          StringBuilder text = new StringBuilder(UUID);
          for (int i = count; i > 0; i--) {
            text.append(':').append(2 * i);
          }
          assertThat(MySqlGtidSet.parse(text.toString()).intervals()).isEqualTo(count);

          ByteBuf out = Unpooled.buffer();
          out.writeLongLE(count);
          for (int i = count; i > 0; i--) {
            out.writeLong(1)
                .writeLong(2)
                .writeLongLE(1)
                .writeLongLE(2L * i)
                .writeLongLE(2L * i + 1);
          }
          assertThat(MySqlGtidSet.decode(out, 0, out.readableBytes()).intervals()).isEqualTo(count);
        });
  }

  @Test
  void shouldNotBelieveCounts() {
    for (long count : new long[] {1, 1L << 32, (1L << 56) - 1}) {
      ByteBuf out = Unpooled.buffer().writeLongLE(count).writeZero(16).writeLongLE(count);
      Allocations.assertBounded(
          () ->
              assertThatExceptionOfType(GtidFormatException.class)
                  .isThrownBy(() -> MySqlGtidSet.decode(out, 0, out.readableBytes())));
    }
  }
}

package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.testkit.memory.Allocations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * All that reads events, with any bytes and with real logs that were changed: the one exception or
 * a result, in bounded memory and time.
 */
class EventFuzzTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Reads an event at an index. */
  private interface Reader {
    void read(ByteBuf buf, int index, int length, boolean checksums);
  }

  private static final Map<String, Reader> READERS =
      new TreeMap<>(
          Map.of(
              "header",
              (buf, at, length, sums) -> EventHeader.decode(buf, at),
              "length",
              (buf, at, length, sums) -> EventHeader.requireLength(buf, at),
              "format",
              (buf, at, length, sums) -> FormatDescription.decode(buf, at, length),
              "gtid",
              GtidEvent::decode,
              "mysql gtid",
              (buf, at, length, sums) -> MySqlGtidEvent.decode(buf, at, length),
              "gtid list",
              GtidListEvent::decode,
              "previous gtids",
              PreviousGtids::decode,
              "rotate",
              Rotate::decode,
              "heartbeat",
              Heartbeat::decode,
              "query",
              (buf, at, length, sums) -> {
                QueryEvents.isBegin(buf, at, length, sums);
                QueryEvents.isXaStart(buf, at, length, sums);
                QueryEvents.isCommitOrRollback(buf, at, length, sums);
                QueryEvents.isMySqlCommitOrRollback(buf, at, length, sums);
                QueryEvents.isRollback(buf, at, length, sums);
              }));

  private static final int[] TYPES = {2, 4, 15, 27, 33, 34, 35, 41, 42, 162, 163};

  @Provide
  Arbitrary<String> samples() {
    return Mutation.samples();
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Mutation.some();
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMinSize(EventHeader.SIZE).ofMaxSize(200),
        Arbitraries.of((byte) 0, (byte) 1, (byte) 0xff, (byte) 0x7f, (byte) 0x80)
            .array(byte[].class)
            .ofMinSize(EventHeader.SIZE)
            .ofMaxSize(400));
  }

  private static void readOrRefuse(ByteBuf buf, int index, int length, String what) {
    READERS.forEach(
        (name, reader) -> {
          for (boolean checksums : new boolean[] {true, false}) {
            try {
              reader.read(buf, index, length, checksums);
            } catch (BinlogFormatException e) {
              assertThat(e.getMessage()).as(name).isNotEmpty();
            } catch (RuntimeException e) {
              throw new AssertionError(name + " of " + what, e);
            }
          }
        });
  }

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void shouldReadOrRefuseAnyBytes(@ForAll @From("bytes") byte[] bytes, @ForAll byte type) {
    byte[] event = bytes.clone();
    event[EventHeader.TYPE_OFFSET] = type < 0 ? type : (byte) TYPES[type % TYPES.length];
    ByteBuf buf = Unpooled.wrappedBuffer(event);
    buf.setIntLE(EventHeader.LENGTH_OFFSET, event.length);
    Allocations.assertBounded(() -> readOrRefuse(buf, 0, event.length, "any bytes"));
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void shouldReadOrRefuseChangedEvents(
      @ForAll @From("samples") String sample, @ForAll @From("mutations") List<Mutation> mutations) {
    List<byte[]> events =
        Mutation.apply(Mutation.events(Samples.bytes(sample)), mutations).stream()
            .filter(event -> event.length >= EventHeader.SIZE)
            .toList();
    Runnable reading =
        () -> {
          for (byte[] event : events) {
            readOrRefuse(Unpooled.wrappedBuffer(event), 0, event.length, sample);
          }
        };
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(reading));
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void shouldFollowChangedTransactions(
      @ForAll @From("samples") String sample,
      @ForAll @From("mutations") List<Mutation> mutations,
      @ForAll ServerFamily family) {
    List<byte[]> events = Mutation.apply(Mutation.events(Samples.bytes(sample)), mutations);
    Runnable following =
        () -> {
          TransactionTracker tracker = new TransactionTracker(family);
          GtidState.Builder state = GtidState.builder(family);
          for (byte[] event : events) {
            try {
              ByteBuf buf = Unpooled.wrappedBuffer(event);
              if (tracker.onEvent(buf, 0, event.length, event.length, true)) {
                tracker.addGtidTo(state);
              }
            } catch (BinlogFormatException e) {
              assertThat(e.getMessage()).isNotEmpty();
            }
          }
          assertThat(state.snapshot()).isNotNull();
        };
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(following));
  }
}

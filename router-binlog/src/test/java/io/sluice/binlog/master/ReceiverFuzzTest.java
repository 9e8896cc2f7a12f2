package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.Mutation;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.testkit.memory.Allocations;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A master that sends changed logs, or any bytes: at most one failure, and whatever is stored are
 * whole events, each at its place.
 */
class ReceiverFuzzTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Provide
  Arbitrary<String> samples() {
    return Mutation.samples();
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Mutation.some();
  }

  private static final class Recorder implements EventReceiver.Listener {
    final List<LinkFailure> failures = new ArrayList<>();

    @Override
    public void onQueueFull() {}

    @Override
    public void onFailed(LinkFailure failure) {
      failures.add(failure);
    }
  }

  private static void receive(StreamBuilder stream, Random random, int largest, boolean semiSync) {
    CollectingWriter writer = new CollectingWriter();
    Recorder recorder = new Recorder();
    LinkCounters counters = new LinkCounters(Clock.systemUTC());
    EventIntake intake = new EventIntake(ResumePoint.EMPTY, "", 4, true, null, counters);
    EventReceiver receiver =
        new EventReceiver(writer, ByteBufAllocator.DEFAULT, intake, counters, semiSync, recorder);
    try {
      stream.feed(receiver, random, largest);
    } finally {
      receiver.close();
    }
    assertThat(recorder.failures).hasSizeLessThanOrEqualTo(1);
    recorder.failures.forEach(failure -> assertThat(failure.message()).isNotEmpty());
    writer.files.keySet().forEach(file -> assertWhole(writer.stored(file)));
  }

  private static void assertWhole(byte[] stored) {
    ByteBuf buf = Unpooled.wrappedBuffer(stored);
    long at = 0;
    int last = 0;
    while (at < stored.length) {
      last = EventHeader.requireLength(buf, (int) at);
      at += last;
    }
    // A giant event is stored as it comes, all but its end: the store drops it again.
    if (last <= EventReceiver.GIANT) {
      assertThat(at).as("end of the last event").isEqualTo(stored.length);
    }
  }

  @Property(tries = 1200, edgeCases = EdgeCasesMode.NONE)
  void shouldStoreWholeEventsOfAChangedLog(
      @ForAll @From("samples") String sample,
      @ForAll @From("mutations") List<Mutation> mutations,
      @ForAll Random random,
      @ForAll boolean checksums) {
    StreamBuilder stream = new StreamBuilder().rotate("bin.000001", 4, checksums);
    for (byte[] event : Mutation.apply(Mutation.events(Samples.cleared(sample)), mutations)) {
      stream.event(event, 0, event.length);
    }
    long seed = random.nextLong();
    assertTimeoutPreemptively(LIMIT, () -> receive(stream, new Random(seed), 3000, false));
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void shouldSurviveAnyPackets(
      @ForAll byte[] bytes, @ForAll boolean greeted, @ForAll boolean semiSync) {
    StreamBuilder stream = new StreamBuilder();
    if (greeted) {
      stream.rotate("bin.000001", 4, true);
    }
    stream.raw(bytes);
    Allocations.assertBounded(() -> receive(stream, new Random(bytes.length), 50, semiSync));
  }
}

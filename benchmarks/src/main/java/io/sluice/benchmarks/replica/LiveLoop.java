package io.sluice.benchmarks.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads live streams on one thread: at once and with a look at the stamps, or in rounds. None of
 * them may end.
 *
 * <p>Rounds are for the many: a replica on another machine does not take the processor from the
 * sender with each packet either. A round that finds much is followed by the next one at once.
 */
final class LiveLoop {
  private static final int BUFFER = 256 << 10;

  private final Selector selector;
  private final long pause;

  /** One stream, and what looks at its stamps. */
  private record Reading(NullReplica replica, @Nullable StampReader stamps) {}

  /**
   * Takes replicas whose streams have been asked for.
   *
   * @param replicas whose channels are this loop's from now on
   * @param histogram for stamps; null if nobody looks at them
   * @param pause nanoseconds between two rounds; 0 for none
   */
  LiveLoop(List<NullReplica> replicas, @Nullable LatencyHistogram histogram, long pause)
      throws IOException {
    this.selector = Selector.open();
    this.pause = pause;
    for (NullReplica replica : replicas) {
      StampReader stamps = histogram == null ? null : new StampReader(histogram);
      replica.channel().configureBlocking(false);
      replica.channel().register(selector, SelectionKey.OP_READ, new Reading(replica, stamps));
    }
  }

  void run() {
    ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (true) {
        selector.select();
        boolean full = false;
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          SelectionKey key = keys.next();
          keys.remove();
          Reading reading = (Reading) key.attachment();
          full |= read(reading, shared) == BUFFER;
          if (reading.replica.state() != NullReplica.State.OPEN) {
            throw new IllegalStateException(
                "stream: " + reading.replica.state() + " " + reading.replica.error());
          }
        }
        if (pause > 0 && !full) {
          LockSupport.parkNanos(pause);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int read(Reading reading, ByteBuffer shared) {
    int got = reading.replica.read(shared);
    StampReader stamps = reading.stamps;
    if (stamps != null && got > 0) {
      stamps.walk(shared, got, System.nanoTime());
    }
    return got;
  }
}

package io.sluice.binlog.replica;

import io.sluice.binlog.store.BinlogFileId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Which files a replica may not have whole though all of them was sent: what is in the buffers of
 * sockets is lost when the connection breaks. A file has arrived when the replica acknowledges
 * something behind it; without acknowledgements, when more than sockets hold was sent behind it, or
 * some time has passed. Any thread.
 */
final class OnTheWay {
  /** More than the buffers of both sockets and of this process hold. */
  static final long BUFFERED = 16L << 20;

  static final long NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Entered(BinlogFileId file, long sentBytes, long nanos) {}

  private final Deque<Entered> files = new ArrayDeque<>();

  /** What comes now is of this file. */
  synchronized void enters(BinlogFileId file, long sentBytes, long nanos) {
    prune(sentBytes, nanos);
    files.addLast(new Entered(file, sentBytes, nanos));
  }

  /** The replica has something of this file. */
  synchronized void hasReached(String name) {
    if (files.stream().anyMatch(entered -> entered.file().name().equals(name))) {
      while (!files.getFirst().file().name().equals(name)) {
        files.removeFirst();
      }
    }
  }

  /** The oldest that may not have arrived whole; {@link BinlogFileId#NONE} before the first. */
  synchronized BinlogFileId oldest(long sentBytes, long nanos) {
    prune(sentBytes, nanos);
    return files.isEmpty() ? BinlogFileId.NONE : files.getFirst().file();
  }

  private void prune(long sentBytes, long nanos) {
    while (files.size() > 1) {
      Entered first = files.removeFirst();
      Entered next = files.getFirst();
      if (sentBytes - next.sentBytes() < BUFFERED && nanos - next.nanos() < NANOS) {
        files.addFirst(first);
        return;
      }
    }
  }
}

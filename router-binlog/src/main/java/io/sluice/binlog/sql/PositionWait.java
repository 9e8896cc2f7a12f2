package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.store.Watermark;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Statements that wait for the log to reach a position. Looks at the watermark again and again,
 * which costs one read of memory, so that nothing has to be taken back when a session ends.
 * Confined to the event loop of the session.
 */
final class PositionWait {
  private static final long PAUSE_MILLIS = 10;

  private final Clock clock;
  private final ScheduledExecutorService loop;
  private boolean closed;

  PositionWait(Clock clock, ScheduledExecutorService loop) {
    this.clock = clock;
    this.loop = loop;
  }

  /** The session is over. */
  void close() {
    closed = true;
  }

  /**
   * 0 when the condition holds, -1 when it did not in time.
   *
   * @param seconds how long to wait; zero for not at all, negative for ever
   */
  CompletableFuture<SqlValue> until(BooleanSupplier condition, double seconds) {
    CompletableFuture<SqlValue> result = new CompletableFuture<>();
    long end = seconds < 0 ? Long.MAX_VALUE : clock.millis() + (long) (seconds * 1000);
    check(condition, end, result);
    return result;
  }

  /** Whether the log reaches a position, or a later file. */
  static boolean isReached(Watermark end, String file, long position) {
    if (end.isEmpty()) {
      return false;
    }
    String current = end.file().name();
    int order =
        current.length() == file.length()
            ? current.compareTo(file)
            : Integer.compare(current.length(), file.length());
    return order > 0 || (order == 0 && end.offset() >= position);
  }

  private void check(BooleanSupplier condition, long end, CompletableFuture<SqlValue> result) {
    if (condition.getAsBoolean()) {
      result.complete(SqlValue.of(0));
    } else if (clock.millis() >= end) {
      result.complete(SqlValue.of(-1));
    } else if (closed) {
      result.completeExceptionally(
          new SqlError(new ReplyError(1317, "70100", "Query execution was interrupted")));
    } else {
      loop.schedule(() -> check(condition, end, result), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}

package io.sluice.binlog.store;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When work that failed is tried again: after a second, then after twice as long each time, at most
 * after a minute. Each reason is logged once. One thread, but for {@link #problem}.
 */
final class PackRetry {
  private static final Logger LOGGER = LoggerFactory.getLogger(PackRetry.class);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final String what;
  private final LongSupplier nanos;
  private Duration pause = FIRST;
  private long since;
  private volatile String problem = "";

  PackRetry(String what, LongSupplier nanos) {
    this.what = what;
    this.nanos = nanos;
  }

  /** Why it failed last, empty if it did not. */
  String problem() {
    return problem;
  }

  /** How long to wait before the next attempt. */
  Duration left() {
    if (problem.isEmpty()) {
      return Duration.ZERO;
    }
    Duration left = pause.minusNanos(nanos.getAsLong() - since);
    return left.isNegative() ? Duration.ZERO : left;
  }

  void failed(Exception cause) {
    String reason = String.valueOf(cause.getMessage());
    if (problem.isEmpty()) {
      pause = FIRST;
    } else {
      pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
    }
    if (!reason.equals(problem)) {
      LOGGER
          .atWarn()
          .addKeyValue("work", what)
          .addKeyValue("reason", reason)
          .setCause(cause)
          .log("work on closed binlog files failed, tried again later");
    }
    problem = reason;
    since = nanos.getAsLong();
  }

  void worked() {
    if (!problem.isEmpty()) {
      problem = "";
      LOGGER.atInfo().addKeyValue("work", what).log("work on closed binlog files goes on");
    }
  }
}

package io.sluice.binlog.master;

import java.time.Duration;

/**
 * How long to wait before the next attempt, doubling from {@code min} to {@code max}, and how often
 * to try. Confined to the link's loop.
 */
final class ReconnectPolicy {
  private Duration min;
  private final Duration max;
  private Duration next;
  private int limit;
  private int failures;

  ReconnectPolicy(Duration min, Duration max) {
    this.min = min;
    this.max = max;
    this.next = min;
  }

  /** Changes the first pause; taken at the next one if that was to be the first. */
  void min(Duration changed) {
    if (!changed.equals(min)) {
      min = changed;
      next = changed;
    }
  }

  /** How many failures in a row are enough; 0 for any number. */
  void limit(int most) {
    limit = most;
  }

  /** Whether there were too many failures in a row, of which this is one more. */
  boolean isExhausted() {
    failures++;
    return limit > 0 && failures >= limit;
  }

  /** The master gave its log: whatever comes is not for want of a connection. */
  void connected() {
    failures = 0;
  }

  /** The pause after this failure. */
  Duration pause(LinkFailure failure) {
    if (failure.kind() == LinkFailure.Kind.REFUSED) {
      return max;
    }
    Duration pause = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(max) > 0 ? max : doubled;
    return pause;
  }

  /** The stream has delivered something new: the next pause is a short one again. */
  void reset() {
    next = min;
    failures = 0;
  }
}

package io.sluice.binlog.master;

import java.time.Duration;

/**
 * How long to wait before the next attempt: doubles from {@code min} to {@code max}. Confined to
 * the link's loop.
 */
final class ReconnectPolicy {
  private Duration min;
  private final Duration max;
  private Duration next;

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
  }
}

package io.sluice.mysql.account;

import java.time.Duration;

/**
 * Limits how often logins make a service load its accounts: several at once, then one in each gap.
 * Nobody is turned away, only told how long to wait. Not thread-safe; times are those of {@link
 * System#nanoTime}.
 */
final class LoadGate {

  private final long gap;
  private final long credit;
  private long owed;

  /**
   * A gate that is open.
   *
   * @param gap of the loads in the long run
   * @param burst how many may begin at once after a quiet time
   */
  LoadGate(Duration gap, int burst, long now) {
    this.gap = gap.toNanos();
    this.credit = this.gap * (burst - 1);
    this.owed = now;
  }

  /**
   * The next load is wanted: it counts as begun when the time is over.
   *
   * @return how long it must wait, in nanoseconds; 0 for not at all
   */
  long take(long now) {
    long wait = Math.max(owed - credit - now, 0);
    owed = Math.max(owed - now, 0) + now + gap;
    return wait;
  }
}

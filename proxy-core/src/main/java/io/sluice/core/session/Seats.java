package io.sluice.core.session;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections something may have at a time. Thread-safe. */
public final class Seats {

  private final int most;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * All free.
   *
   * @param most how many there are; 0 for as many as come
   */
  public Seats(int most) {
    this.most = most;
  }

  /** Takes one; false when none is free. */
  public boolean take() {
    int before = taken.getAndUpdate(now -> most == 0 || now < most ? now + 1 : now);
    return most == 0 || before < most;
  }

  /** Gives one back that was taken. */
  public void leave() {
    taken.decrementAndGet();
  }

  /** How many there are; 0 for as many as come. */
  public int most() {
    return most;
  }

  /** How many are taken. */
  public int taken() {
    return taken.get();
  }
}

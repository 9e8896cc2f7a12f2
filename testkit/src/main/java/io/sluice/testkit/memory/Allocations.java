package io.sluice.testkit.memory;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * New objects on the heap that the calling thread makes: who believes a hostile length makes large
 * ones. Memory outside of the heap does not count.
 */
public final class Allocations {
  private static final long LIMIT = 4 << 20;

  private Allocations() {}

  /**
   * Has the body run within 4 MiB of new objects, or fails. It may run twice: what loading classes
   * and first use cost does not count, and which test comes first is random.
   */
  public static void assertBounded(Runnable body) {
    long allocated = allocatedBy(body);
    if (allocated >= LIMIT) {
      allocated = allocatedBy(body);
    }
    if (allocated >= LIMIT) {
      throw new AssertionError("allocated: " + allocated + " bytes (expected: < " + LIMIT + ")");
    }
  }

  private static long allocatedBy(Runnable body) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    body.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}

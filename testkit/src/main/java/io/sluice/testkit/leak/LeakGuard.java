package io.sluice.testkit.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty's leak detector has something to report.
 *
 * <p>Registered by itself: the testkit's {@code junit-platform.properties} turns on the detection
 * of extensions, so each module with the testkit on its test class path is guarded. Leak level and
 * listener are set before the first buffer exists. After each class garbage is collected, because a
 * leak is only seen when the buffer's object is gone; a buffer that some thread lost late is
 * reported by the next class.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final List<ResourceLeakDetector<Object>> DETECTORS = new CopyOnWriteArrayList<>();
  private static final int COLLECTIONS = 2;
  private static final long LONGEST_COLLECTION_MILLIS = 5_000;
  private static boolean installed;

  /** For the service loader. */
  public LeakGuard() {
    install();
  }

  private static synchronized void install() {
    if (!installed) {
      installed = true;
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
      ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    install();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // Nested classes end inside their outer class, which checks for them.
    if (context.getRequiredTestClass().getEnclosingClass() == null) {
      assertNone();
      if (BlockingGuard.isInstalled()) {
        BlockingGuard.assertNone();
      }
    }
  }

  /** Collects garbage, then fails if a leak was reported since the last call. */
  public static void assertNone() {
    List<String> leaks = drain();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " leaked resources, the first: " + leaks.get(0));
    }
  }

  /** Collects garbage and returns and forgets the leaks reported so far. */
  public static List<String> drain() {
    for (int i = 0; i < COLLECTIONS; i++) {
      collectGarbage();
      for (ResourceLeakDetector<Object> detector : DETECTORS) {
        // Tracking something is what makes a detector look into its queue.
        Object probe = new Object();
        ResourceLeakTracker<Object> tracker = detector.track(probe);
        if (tracker != null) {
          tracker.close(probe);
        }
      }
    }
    List<String> leaks = new ArrayList<>();
    for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      leaks.add(leak);
    }
    return leaks;
  }

  private static void collectGarbage() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> sentinel = new WeakReference<>(new Object(), queue);
    long deadline = System.nanoTime() + LONGEST_COLLECTION_MILLIS * 1_000_000;
    try {
      do {
        System.gc();
      } while (queue.remove(20) != sentinel && System.nanoTime() - deadline < 0);
      // The sentinel and the leaked buffers' references are enqueued by one thread, in any order.
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes detectors that remember what they report. */
  private static final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings({"deprecation", "unchecked"}) // the one abstract method is a deprecated one
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return register(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return register(resource, samplingInterval);
    }

    @SuppressWarnings("unchecked") // only ever asked to track plain objects, to look at its queue
    private static <T> ResourceLeakDetector<T> register(Class<T> resource, int samplingInterval) {
      ResourceLeakDetector<T> detector = new RecordingDetector<>(resource, samplingInterval);
      DETECTORS.add((ResourceLeakDetector<Object>) detector);
      return detector;
    }
  }

  /** Reports to the log as usual, and to the guard. */
  private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
    RecordingDetector(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      super.reportTracedLeak(resourceType, records);
      LEAKS.add(resourceType + ":" + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      super.reportUntracedLeak(resourceType);
      LEAKS.add(resourceType);
    }
  }
}

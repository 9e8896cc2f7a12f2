package io.sluice.testkit.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;

/**
 * Proves that event loops do not block: installs BlockHound, once per JVM, with Netty's own rules
 * (every Netty thread is an event loop, unless it says that it may block), and records each
 * blocking call instead of throwing into the code under test.
 *
 * <p>A test class calls {@link #install()} before it starts anything; from then on each test class
 * ends with {@link #assertNone()}. Threads of executors that are meant to block must be plain
 * threads, not Netty's. Needs the JVM flags of the root pom on Java 13 and newer.
 */
public final class BlockingGuard {
  private static final Queue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();
  private static boolean installed;

  private BlockingGuard() {}

  /** Starts watching; later calls do nothing. */
  public static synchronized void install() {
    if (installed) {
      return;
    }
    BlockHound.builder()
        .loadIntegrations()
        .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
        // Netty's own short lock, when two loops contend for the allocator.
        .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate")
        .allowBlockingCallsInside("java.lang.invoke.MethodHandleNatives", "linkCallSite")
        .allowBlockingCallsInside("java.util.ServiceLoader$LazyClassPathLookupIterator", "hasNext")
        .allowBlockingCallsInside("ch.qos.logback.classic.Logger", "buildLoggingEventAndAppend")
        .allowBlockingCallsInside("ch.qos.logback.core.OutputStreamAppender", "append")
        .allowBlockingCallsInside("ch.qos.logback.core.AppenderBase", "doAppend")
        // The hand-over to another thread: its queue's lock is held for instants only.
        .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute")
        // The same for a thread that takes its work from an unbounded queue.
        .allowBlockingCallsInside("java.util.concurrent.LinkedBlockingQueue", "offer")
        .allowBlockingCallsInside("javax.net.ssl.SSLContext", "init")
        .allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
        .allowBlockingCallsInside("java.security.SecureRandom", "getDefaultPRNG")
        .blockingMethodCallback(
            method -> {
              Thread thread = Thread.currentThread();
              VIOLATIONS.add(describe(thread, method.toString()));
            })
        .install();
    installed = true;
  }

  public static synchronized boolean isInstalled() {
    return installed;
  }

  private static String describe(Thread thread, String method) {
    StringBuilder text = new StringBuilder();
    text.append(method).append(" on ").append(thread.getName());
    StackTraceElement[] stack = thread.getStackTrace();
    for (StackTraceElement element : stack) {
      String name = element.getClassName();
      boolean own = name.equals(BlockingGuard.class.getName());
      if (!own && !name.startsWith("reactor.blockhound.")) {
        text.append("\n\tat ").append(element);
      }
    }
    return text.toString();
  }

  /** Returns and forgets the blocking calls seen so far. */
  public static List<String> drain() {
    List<String> violations = new ArrayList<>();
    for (String one = VIOLATIONS.poll(); one != null; one = VIOLATIONS.poll()) {
      violations.add(one);
    }
    return violations;
  }

  /** Fails if an event loop has blocked since the last call. */
  public static void assertNone() {
    List<String> violations = drain();
    if (!violations.isEmpty()) {
      throw new AssertionError(
          violations.size() + " blocking calls on event loops, the first: " + violations.get(0));
    }
  }
}

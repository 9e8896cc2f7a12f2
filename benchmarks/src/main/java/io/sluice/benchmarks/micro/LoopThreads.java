package io.sluice.benchmarks.micro;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs benchmarks on threads that netty takes for event loops: elsewhere its buffers come another,
 * slower way. JMH makes it by name.
 */
public final class LoopThreads extends ThreadPoolExecutor {
  private static final EventExecutor LOOP = new DefaultEventExecutor();

  /** As JMH demands it. */
  public LoopThreads(int threads, String name) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        ThreadExecutorMap.apply(new DefaultThreadFactory(name, true), LOOP));
  }

  /** The arguments that make a JVM of JMH use it. */
  public static String[] arguments() {
    return new String[] {
      "-Djmh.executor=CUSTOM", "-Djmh.executor.class=" + LoopThreads.class.getName()
    };
  }
}

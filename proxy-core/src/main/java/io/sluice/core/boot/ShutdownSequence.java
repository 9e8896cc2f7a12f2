package io.sluice.core.boot;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to stop, in order. A step that fails does not keep the next ones from being done.
 * Thread-safe: whoever comes first runs it, once.
 */
final class ShutdownSequence {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShutdownSequence.class);

  /** One thing to do. */
  @FunctionalInterface
  interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  private record Step(String name, Action action) {}

  private final Clock clock;
  private final List<Step> steps = new ArrayList<>();
  private final AtomicBoolean begun = new AtomicBoolean();

  ShutdownSequence(Clock clock) {
    this.clock = clock;
  }

  /** Adds a step behind the others; before {@link #run} only. */
  ShutdownSequence step(String name, Action action) {
    steps.add(new Step(name, action));
    return this;
  }

  /** Does all steps; later calls do nothing. */
  void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    for (Step step : steps) {
      Instant from = clock.instant();
      LOGGER.atInfo().addKeyValue("step", step.name()).log("stopping");
      try {
        step.action().run();
        LOGGER
            .atInfo()
            .addKeyValue("step", step.name())
            .addKeyValue("millis", Duration.between(from, clock.instant()).toMillis())
            .log("stopped");
      } catch (Exception e) {
        LOGGER.atError().addKeyValue("step", step.name()).setCause(e).log("step failed");
      }
    }
  }
}

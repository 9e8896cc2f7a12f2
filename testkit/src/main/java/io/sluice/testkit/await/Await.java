package io.sluice.testkit.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Polls a condition until it holds or a deadline passes.
 *
 * <p>A condition that throws counts as "not yet"; the last exception becomes the cause of the
 * failure. The description is asked for once, when the wait has failed. Any thread, blocking.
 */
public final class Await {
  /** The deadline of waits that name none. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private Await() {}

  /** Waits up to {@link #DEFAULT_TIMEOUT}. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, DEFAULT_TIMEOUT, condition, () -> "");
  }

  /** Waits up to {@code timeout}. */
  public static void until(String what, Duration timeout, Callable<Boolean> condition) {
    until(what, timeout, condition, () -> "");
  }

  /** Waits up to {@code timeout}; {@code describe} adds the state of things to the failure. */
  public static void until(
      String what, Duration timeout, Callable<Boolean> condition, Supplier<String> describe) {
    value(what, timeout, condition, Boolean::booleanValue, describe);
  }

  /** Waits until an assertion block passes; its last error is the cause of the failure. */
  public static void untilAsserted(String what, Duration timeout, ThrowingRunnable assertion) {
    until(
        what,
        timeout,
        () -> {
          assertion.run();
          return true;
        });
  }

  /** Waits until the probed value is accepted, and returns it. */
  public static <T> T value(
      String what, Duration timeout, Callable<T> probe, Predicate<? super T> accept) {
    return value(what, timeout, probe, accept, () -> "");
  }

  /** Waits until the probed value is accepted, and returns it. */
  public static <T> T value(
      String what,
      Duration timeout,
      Callable<T> probe,
      Predicate<? super T> accept,
      Supplier<String> describe) {
    Objects.requireNonNull(what, "what");
    long deadline = System.nanoTime() + timeout.toNanos();
    long pause = FIRST_PAUSE.toMillis();
    while (true) {
      Throwable lastError = null;
      T lastValue = null;
      try {
        lastValue = probe.call();
        if (lastValue != null && accept.test(lastValue)) {
          return lastValue;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(what + ": interrupted", e);
      } catch (Exception | AssertionError e) {
        lastError = e;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw failure(what, timeout, lastValue, lastError, describe);
      }
      pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
    }
  }

  private static AssertionError failure(
      String what,
      Duration timeout,
      @org.jspecify.annotations.Nullable Object lastValue,
      @org.jspecify.annotations.Nullable Throwable lastError,
      Supplier<String> describe) {
    StringBuilder text = new StringBuilder();
    text.append(what).append(": not within ").append(timeout.toMillis()).append(" ms");
    if (lastValue != null && !(lastValue instanceof Boolean)) {
      text.append("; last value: ").append(lastValue);
    }
    if (lastError != null) {
      text.append("; last error: ").append(lastError);
    }
    String more;
    try {
      more = describe.get();
    } catch (RuntimeException e) {
      more = "(no description: " + e + ")";
    }
    if (!more.isEmpty()) {
      text.append(System.lineSeparator()).append(more);
    }
    return new AssertionError(text.toString(), lastError);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }

  /** A block that may throw. */
  @FunctionalInterface
  public interface ThrowingRunnable {
    void run() throws Exception;
  }
}

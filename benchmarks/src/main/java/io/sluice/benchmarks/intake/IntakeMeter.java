package io.sluice.benchmarks.intake;

import io.sluice.benchmarks.process.HeldMemory;
import io.sluice.benchmarks.process.ProcessMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks every few milliseconds how much of a log has arrived, and what that has cost by then; so
 * time and cost can be told from any place of the log to any other. Confined to one thread.
 */
public final class IntakeMeter {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long PAUSE_MILLIS = 4;
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  /**
   * What one turn gave.
   *
   * @param speed MB/s between the two places
   * @param cpu CPU seconds per GB of the one who takes, between the two places
   * @param masterCpu the same of the master
   * @param firstSpeed MB/s from the first byte to the first of the two places
   * @param peak bytes of memory
   */
  public record Figures(
      double speed, double cpu, double masterCpu, double firstSpeed, double peak) {}

  private record Mark(long nanoseconds, long offset, double cpu, double masterCpu) {

    private double bytesPerSecond(Mark later) {
      double seconds = (later.nanoseconds - nanoseconds) / GIGA;
      return (later.offset - offset) / seconds;
    }
  }

  private final LongSupplier offset;
  private final Supplier<String> describe;
  private final ProcessMeter taker;
  private final ProcessMeter master;

  /**
   * For one turn.
   *
   * @param offset how much of the log has arrived
   * @param describe the state of things, for a failure
   * @param taker the process that takes it
   * @param master the process that sends it
   */
  public IntakeMeter(
      LongSupplier offset, Supplier<String> describe, ProcessMeter taker, ProcessMeter master) {
    this.offset = offset;
    this.describe = describe;
    this.taker = taker;
    this.master = master;
  }

  /**
   * Looks on until all has arrived.
   *
   * @param from where measuring begins
   * @param to where it ends
   * @param held let go of when measuring begins
   * @param begin lets the work begin
   */
  public Figures watch(long from, long to, HeldMemory held, Runnable begin) {
    Mark previous = mark();
    Mark firstByte = previous;
    Mark start = from == 0 ? previous : null;
    begin.run();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Mark now = mark();
      if (now.offset == 0 && start == null) {
        firstByte = now;
      }
      if (start == null && now.offset >= from) {
        // A log so short that it came between two looks counts from the look before.
        start = now.offset >= to ? previous : now;
        held.close();
      }
      if (start != null && now.offset >= to) {
        return figures(firstByte, start, now);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "intake: " + now.offset + " bytes (expected: " + to + ")\n" + describe.get());
      }
      previous = now;
      pause();
    }
  }

  private Mark mark() {
    return new Mark(System.nanoTime(), offset.getAsLong(), taker.cpuSeconds(), master.cpuSeconds());
  }

  private Figures figures(Mark firstByte, Mark start, Mark end) {
    double gigabytes = (end.offset - start.offset) / GIGA;
    return new Figures(
        start.bytesPerSecond(end) / MEGA,
        (end.cpu - start.cpu) / gigabytes,
        (end.masterCpu - start.masterCpu) / gigabytes,
        start.offset > firstByte.offset ? firstByte.bytesPerSecond(start) / MEGA : 0,
        taker.peakBytes());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

package io.sluice.benchmarks.intake;

import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;

/** What all turns of one {@link LogTaker} gave. Not thread-safe. */
public final class IntakeSamples {
  private static final double MEBI = 1 << 20;

  private final Samples speed = new Samples();
  private final Samples cpu = new Samples();
  private final Samples masterCpu = new Samples();
  private final Samples firstSpeed = new Samples();
  private final Samples peak = new Samples();

  /** Adds a turn. */
  public void add(IntakeMeter.Figures figures) {
    speed.add(figures.speed());
    cpu.add(figures.cpu());
    masterCpu.add(figures.masterCpu());
    firstSpeed.add(figures.firstSpeed());
    peak.add(figures.peak() / MEBI);
  }

  /** MB/s. */
  public Samples speed() {
    return speed;
  }

  /** CPU seconds per GB. */
  public Samples cpu() {
    return cpu;
  }

  /** A table for {@link #row}. */
  public static Table table() {
    return new Table(
        "who takes it",
        "MB/s",
        "CPU s/GB",
        "CPU s/GB of the master",
        "MB/s of the first file",
        "peak memory, MiB");
  }

  /** One line of the table. */
  public void row(Table table, String name) {
    table.row(
        name,
        speed.text(0),
        cpu.text(2),
        masterCpu.text(2),
        firstSpeed.max() > 0 ? firstSpeed.text(0) : "",
        peak.text(0));
  }
}

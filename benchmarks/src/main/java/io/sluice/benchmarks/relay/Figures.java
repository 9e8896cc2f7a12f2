package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What serving gave and cost one contestant, turn by turn. Not thread-safe. */
final class Figures {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;
  private static final int PERCENT = 100;

  /** Bytes of all streams together. */
  final Samples bytes = new Samples();

  /** GB per second, of all streams together. */
  final Samples speed = new Samples();

  /** Seconds of processor time for each GB. */
  final Samples cost = new Samples();

  /** The same of the replicas' process. */
  final Samples replicas = new Samples();

  /** The most memory that was resident, in MB. */
  final Samples memory = new Samples();

  /** How much of it came from the disk and not from the page cache. */
  final Samples disk = new Samples();

  /** Adds a turn. */
  void add(long sent, long nanoseconds, double cpu, double replicaCpu) {
    double gigabytes = sent / GIGA;
    bytes.add(sent);
    speed.add(gigabytes / (nanoseconds / GIGA));
    cost.add(cpu / gigabytes);
    replicas.add(replicaCpu / gigabytes);
  }

  /** Adds the same turn's memory and reads. */
  void add(long sent, long peak, long fromDisk) {
    memory.add(peak / MEGA);
    disk.add((double) fromDisk / sent);
  }

  /** Those of a contestant that takes part. */
  static Figures of(String contestant, Map<String, Figures> all) {
    return Objects.requireNonNull(all.get(contestant), contestant);
  }

  /** One row for each contestant; two of them are what the others are compared with. */
  static Table table(Map<String, Figures> all) {
    Table table =
        new Table(
            "contestant",
            "GB/s",
            "× master",
            "% of raw sender",
            "CPU s/GB",
            "CPU × master",
            "CPU s/GB of replicas",
            "peak MB",
            "read from disk");
    Figures master = all.get(Stage.MASTER);
    Figures limit = all.get(Stage.LIMIT);
    all.forEach(
        (name, figures) ->
            table.row(
                name,
                figures.speed.text(2),
                ratio(figures.speed, master == null ? null : master.speed, 1),
                ratio(figures.speed, limit == null ? null : limit.speed, PERCENT),
                figures.cost.text(2),
                ratio(figures.cost, master == null ? null : master.cost, 1),
                figures.replicas.text(2),
                figures.memory.text(0),
                String.format(Locale.ROOT, "%.0f %%", figures.disk.median() * PERCENT)));
    return table;
  }

  private static String ratio(Samples mine, @Nullable Samples other, int times) {
    return other == null
        ? "–"
        : String.format(
            Locale.ROOT, times == 1 ? "%.2f" : "%.0f", mine.ratioTo(other).median() * times);
  }
}

package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.load.InsertLoad;
import io.sluice.benchmarks.load.Stamps;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.replica.Latency;
import io.sluice.benchmarks.replica.LiveFleet;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One contestant with so many replicas: a load of as many transactions as fit, then one of half of
 * them with a replica at the master to compare with. Confined to one thread.
 */
final class LiveRun {
  /** So many replicas look at the stamps; the time of one alone would be luck. */
  private static final int WATCHED = 3;

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final int QUIET_CHECKS = 3;
  private static final int PAUSE_MILLIS = 50;
  private static final Duration SETTLE = Duration.ofMinutes(3);
  private static final Duration CATCH_UP = Duration.ofMinutes(5);

  private final LiveTopology topology;
  private final InsertLoad load;
  private final Duration time;

  LiveRun(LiveTopology topology, InsertLoad load, Duration time) {
    this.topology = topology;
    this.load = load;
    this.time = time;
  }

  /** As many transactions as fit, and half of them. */
  record Both(LiveFigures saturating, LiveFigures half) {}

  Both measure(LiveServer server, int replicas) throws InterruptedException {
    topology.choose(server);
    try (LiveFleet fleet = new LiveFleet(topology.replicas(server, replicas), WATCHED)) {
      LiveFigures saturating = measure(server, replicas, fleet, null, 0);
      double pace = saturating.perSecond() / 2;
      if (server == LiveServer.MASTER) {
        return new Both(saturating, measure(server, replicas, fleet, null, pace));
      }
      try (LiveFleet probe = new LiveFleet(topology.probe(), 1)) {
        return new Both(saturating, measure(server, replicas, fleet, probe, pace));
      }
    }
  }

  private LiveFigures measure(
      LiveServer server, int replicas, LiveFleet fleet, @Nullable LiveFleet probe, double pace)
      throws InterruptedException {
    long packets = awaitQuiet(fleet, replicas);
    long probePackets = probe == null ? 0 : awaitQuiet(probe, 1);
    fleet.stamps();
    final long logBefore = topology.master().binlogEnd().position();
    final long loadBefore = load.count();
    final double[] before = processorTimes(server, fleet);

    load.begin(time, pace);
    Thread.sleep(time.toMillis() / 2);
    double halfway = (fleet.count().fewest() - packets) / (double) Stamps.PACKETS;
    halfway = Math.max(0, load.count() - loadBefore - halfway);
    InsertLoad.Result result = load.await();
    long ended = System.nanoTime();
    long lacking = packets + result.transactions() * Stamps.PACKETS - fleet.count().fewest();
    awaitPackets(fleet, replicas, packets, result.transactions());
    final double caughtUp = (System.nanoTime() - ended) / NANOS;
    if (probe != null) {
      awaitPackets(probe, 1, probePackets, result.transactions());
    }
    double[] after = processorTimes(server, fleet);

    double transactions = result.transactions();
    double bytes = (topology.master().binlogEnd().position() - logBefore) / transactions;
    double behind = (double) lacking / Stamps.PACKETS;
    Latency latency = stamps(fleet, Math.min(WATCHED, replicas) * result.transactions());
    int served = (server == LiveServer.MASTER ? replicas : 1) + (probe == null ? 0 : 1);
    topology.checkServed(served);
    return new LiveFigures(
        result.perSecond(),
        each(before, after, 0, transactions),
        each(before, after, 1, transactions),
        each(before, after, 2, transactions),
        each(before, after, 3, transactions),
        halfway,
        behind,
        behind * bytes,
        caughtUp,
        latency,
        probe == null ? latency : stamps(probe, result.transactions()));
  }

  private static double each(double[] before, double[] after, int what, double transactions) {
    return (after[what] - before[what]) / transactions * MICROS;
  }

  /** Of the master, of what stands before it, of the load and of the replicas; seconds. */
  private double[] processorTimes(LiveServer server, LiveFleet fleet) {
    return new double[] {
      new ProcessMeter(topology.master().pid()).cpuSeconds(),
      server == LiveServer.MASTER ? 0 : new ProcessMeter(topology.pid(server)).cpuSeconds(),
      new ProcessMeter(load.pid()).cpuSeconds(),
      new ProcessMeter(fleet.pid()).cpuSeconds()
    };
  }

  /** Waits until all have the same and nothing comes; returns how much each has. */
  private static long awaitQuiet(LiveFleet fleet, int replicas) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    LiveFleet.Count count = fleet.count();
    long known = -1;
    for (int quiet = 0; quiet < QUIET_CHECKS; known = count.packets()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "replicas: " + count + " (expected: " + replicas + " quiet streams)");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      count = fleet.count();
      boolean same =
          count.fewest() > 0
              && count.packets() == known
              && count.packets() == count.fewest() * replicas;
      quiet = same ? quiet + 1 : 0;
    }
    return count.fewest();
  }

  /** Waits until all have exactly so much more. */
  private static void awaitPackets(LiveFleet fleet, int replicas, long before, long transactions)
      throws InterruptedException {
    long wanted = before + transactions * Stamps.PACKETS;
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    LiveFleet.Count count = fleet.count();
    while (count.fewest() < wanted) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "replicas: " + count + " (expected: " + wanted + " packets each)");
      }
      TimeUnit.MILLISECONDS.sleep(2);
      count = fleet.count();
    }
    if (count.packets() != wanted * replicas) {
      throw new IllegalStateException(
          "packets: " + count.packets() + " (expected: " + wanted * replicas + ")");
    }
  }

  private static Latency stamps(LiveFleet fleet, long expected) {
    Latency latency = fleet.stamps();
    if (latency.count() != expected) {
      throw new IllegalStateException(
          "stamps: " + latency.count() + " (expected: " + expected + ")");
    }
    return latency;
  }
}

package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.load.InsertLoad;
import io.sluice.benchmarks.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Replicas follow a master that works: what does serving them cost the master, how much can it
 * still do, and how late are the replicas?
 */
final class LiveFanOut implements Scenario {
  private static final int CONNECTIONS = 8;
  private static final List<Integer> REPLICAS = List.of(1, 10, 50, 100);
  private static final List<Integer> JUDGED = List.of(50, 100);

  /** Only in the first turn: most of its time goes into catching up. */
  private static final int MANY = 500;

  private static final List<Integer> SMOKE_REPLICAS = List.of(4);
  private static final int WARM_REPLICAS = 10;
  private static final long LOAD_MILLIS = 3000;
  private static final long SMOKE_LOAD_MILLIS = 300;

  @Override
  public String id() {
    return "c";
  }

  @Override
  public String title() {
    return "Replicas follow a master under a write load";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    List<Integer> replicas = bench.smoke() ? SMOKE_REPLICAS : REPLICAS;
    Duration time = Duration.ofMillis(bench.size(LOAD_MILLIS, SMOKE_LOAD_MILLIS));
    LiveSamples samples = new LiveSamples();
    try (LiveTopology topology = new LiveTopology(bench);
        InsertLoad load =
            new InsertLoad("127.0.0.1", topology.master().port(), "root", "", CONNECTIONS)) {
      LiveRun run = new LiveRun(topology, load, time);
      if (!bench.smoke()) {
        turn(run, List.of(WARM_REPLICAS), new LiveSamples());
      }
      for (int turn = 0; turn < bench.turns(); turn++) {
        turn(run, replicas, samples);
        if (turn == 0 && !bench.smoke()) {
          turn(run, List.of(MANY), samples);
        }
      }
    }
    report.paragraph(
        CONNECTIONS
            + " connections insert rows of about 70 bytes, each a transaction, with a prepared"
            + " statement, for "
            + time.toMillis()
            + " ms; load generator and replicas share the processors with the servers. Processor"
            + " time counts until all replicas have all. "
            + "The master writes its logs without forcing them to disk, and so does the"
            + " intermediate; it applies with four threads. Sluice forces its store every 100 ms.");
    List<Integer> measured = new ArrayList<>(replicas);
    if (samples.has(LiveServer.SLUICE, MANY)) {
      measured.add(MANY);
    }
    LiveReport text = new LiveReport(samples, measured);
    text.write(report);
    for (int count : bench.smoke() ? SMOKE_REPLICAS : JUDGED) {
      text.budgets(report, count);
    }
  }

  private static void turn(LiveRun run, List<Integer> replicas, LiveSamples samples)
      throws InterruptedException {
    for (int count : replicas) {
      for (LiveServer server : LiveServer.values()) {
        samples.add(server, count, run.measure(server, count));
      }
    }
  }
}

package io.sluice.benchmarks.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of {@link LiveFleet}: some replicas, which look at stamps, have a thread of their
 * own; all others have another one, which reads in rounds.
 *
 * <p>Says {@code ready} once all have registered and asked for their dumps. {@code count} answers
 * with bytes and packets in all and packets of the replica that has fewest; {@code stamps} with
 * rows, p50, p99 and maximum in nanoseconds since it was asked last.
 */
public final class LiveReplicas {
  /** System property: how many replicas look at stamps. */
  static final String WATCHED = "bench.watched";

  private static final long PAUSE = 5_000_000;

  private final PrintStream out;
  private final List<NullReplica> replicas = new ArrayList<>();
  private final LatencyHistogram histogram = new LatencyHistogram();

  private LiveReplicas(PrintStream out) {
    this.out = out;
  }

  /** Takes {@link FleetOptions#arguments}. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    LiveReplicas program = new LiveReplicas(out);
    program.begin(FleetOptions.parse(arguments));
    out.println("ready");
    program.listen();
    // The threads of the streams run for ever.
    System.exit(0);
  }

  private void begin(FleetOptions options) throws IOException {
    for (int i = 0; i < options.replicas(); i++) {
      replicas.add(new NullReplica(ReplicaLogin.register(options, i)));
    }
    for (int i = 0; i < options.replicas(); i++) {
      ReplicaLogin.dump(options, i, replicas.get(i).channel());
    }
    int watched = Math.min(Integer.getInteger(WATCHED, 0), replicas.size());
    List<NullReplica> sample = new ArrayList<>();
    // The first, the last and some between: a server may well serve them in their order.
    for (int i = 0; i < watched; i++) {
      sample.add(replicas.get(watched == 1 ? 0 : i * (replicas.size() - 1) / (watched - 1)));
    }
    List<NullReplica> others = new ArrayList<>(replicas);
    others.removeAll(sample);
    start(new LiveLoop(sample, histogram, 0));
    start(new LiveLoop(others, null, PAUSE));
  }

  private void start(LiveLoop loop) {
    Thread thread = new Thread(loop::run, "replicas");
    thread.setUncaughtExceptionHandler(
        (where, error) -> {
          out.println("failed: " + error);
          Runtime.getRuntime().halt(1);
        });
    thread.start();
  }

  private void listen() throws IOException {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("count")) {
          count();
        } else {
          out.println("stamps " + histogram.take().words());
        }
      }
    }
  }

  private void count() {
    long bytes = 0;
    long packets = 0;
    long fewest = Long.MAX_VALUE;
    for (NullReplica replica : replicas) {
      long have = replica.packets();
      bytes += replica.bytes();
      packets += have;
      fewest = Math.min(fewest, have);
    }
    out.println("count " + bytes + " " + packets + " " + fewest);
  }
}

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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The program of {@link ReplicaFleet}: many {@link NullReplica}s on as many threads as it is told.
 *
 * <p>Says {@code ready} once all have registered; on {@code go LIMIT} all ask for their dumps, each
 * until it has that many bytes. {@code count} answers with the bytes and packets so far. When all
 * streams have ended, or on {@code stop}, it tells each: {@code replica BYTES PACKETS NANOSECONDS
 * STATE}, then {@code done}. {@code again} with options begins anew.
 */
public final class NullReplicas {
  /** System property: the number of threads. */
  static final String THREADS = "bench.threads";

  /** Between the words of {@code again}, none of which has one. */
  static final String SEPARATOR = "\t";

  private final FleetOptions options;
  private final PrintStream out;
  private final List<NullReplica> replicas = new ArrayList<>();
  private final List<ReplicaLoop> loops = new ArrayList<>();
  private long began = System.nanoTime();

  private NullReplicas(FleetOptions options, PrintStream out) throws IOException {
    this.options = options;
    this.out = out;
    for (int i = 0; i < options.replicas(); i++) {
      replicas.add(new NullReplica(ReplicaLogin.register(options, i)));
    }
  }

  /** Takes {@link FleetOptions#arguments}. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    NullReplicas fleet = new NullReplicas(FleetOptions.parse(arguments), out);
    out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(SEPARATOR, 2);
      switch (words[0]) {
        case "go" -> fleet.go(Long.parseLong(words[1]));
        case "count" -> fleet.count();
        case "stop" -> fleet.stop();
        case "again" -> {
          fleet = new NullReplicas(FleetOptions.parse(words[1].split(SEPARATOR, -1)), out);
          out.println("ready");
        }
        default -> throw new IllegalArgumentException("command: " + line);
      }
    }
  }

  private void go(long limit) throws IOException {
    int threads = Math.min(Integer.getInteger(THREADS, 1), replicas.size());
    for (int thread = 0; thread < threads; thread++) {
      List<NullReplica> part = new ArrayList<>();
      for (int i = thread; i < replicas.size(); i += threads) {
        part.add(replicas.get(i));
      }
      loops.add(new ReplicaLoop(part));
    }
    began = System.nanoTime();
    for (int i = 0; i < replicas.size(); i++) {
      replicas.get(i).limit(limit);
      ReplicaLogin.dump(options, i, replicas.get(i).channel());
    }
    AtomicInteger running = new AtomicInteger(threads);
    for (ReplicaLoop loop : loops) {
      Thread thread = new Thread(() -> run(loop, running), "replicas");
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler(
          (where, error) -> {
            out.println("failed: " + error);
            Runtime.getRuntime().halt(1);
          });
      thread.start();
    }
  }

  private void run(ReplicaLoop loop, AtomicInteger running) {
    loop.run();
    if (running.decrementAndGet() == 0) {
      tell();
    }
  }

  private void stop() {
    loops.forEach(ReplicaLoop::stop);
    if (loops.isEmpty()) {
      tell();
    }
  }

  private void count() {
    long bytes = 0;
    long packets = 0;
    for (NullReplica replica : replicas) {
      bytes += replica.bytes();
      packets += replica.packets();
    }
    out.println("count " + bytes + " " + packets);
  }

  private void tell() {
    for (NullReplica replica : replicas) {
      long ended =
          replica.state() == NullReplica.State.OPEN ? System.nanoTime() : replica.endedAt();
      out.println(
          "replica "
              + replica.bytes()
              + " "
              + replica.packets()
              + " "
              + (ended - began)
              + " "
              + replica.state());
    }
    out.println("done");
  }
}

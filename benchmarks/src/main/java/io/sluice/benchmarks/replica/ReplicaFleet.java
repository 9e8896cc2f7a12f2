package io.sluice.benchmarks.replica;

import io.sluice.benchmarks.process.JavaChild;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Null replicas in a process of their own. Confined to one thread. */
public final class ReplicaFleet implements AutoCloseable {

  /** One stream that has ended; the time runs from the request. */
  public record Stream(long bytes, long packets, long nanoseconds, String state) {}

  /** What all have got at a moment. */
  public record Count(long bytes, long packets) {}

  private final JavaChild child;
  private final Queue<String> early = new ArrayDeque<>();

  /** Starts the process, with one thread; returns when all replicas have registered. */
  public ReplicaFleet(FleetOptions options) {
    this(options, 1);
  }

  /** Starts the process; returns when all replicas have registered. */
  public ReplicaFleet(FleetOptions options, int threads) {
    child =
        JavaChild.start(
            NullReplicas.class,
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-D" + NullReplicas.THREADS + "=" + threads),
            options.arguments());
    child.hear("ready");
  }

  /**
   * Other replicas in the same process, whose code is warm by now; the streams of those before have
   * ended. Returns when all have registered.
   */
  public void again(FleetOptions options) {
    child.say(
        "again"
            + NullReplicas.SEPARATOR
            + String.join(NullReplicas.SEPARATOR, options.arguments()));
    child.hear("ready");
  }

  /** The process's number. */
  public long pid() {
    return child.pid();
  }

  /** All ask for their dumps. */
  public void go() {
    go(Long.MAX_VALUE);
  }

  /** All ask for their dumps, and go away when they have so many bytes: their state is ENOUGH. */
  public void go(long limit) {
    child.say("go" + NullReplicas.SEPARATOR + limit);
  }

  /** How far they are. */
  public Count count() {
    child.say("count");
    String line = child.hear();
    while (!line.startsWith("count")) {
      early.add(line);
      line = child.hear();
    }
    String[] words = line.split(" ");
    return new Count(Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  /** Waits until all streams have ended. */
  public List<Stream> await() {
    List<Stream> all = new ArrayList<>();
    for (String line = next(); !line.equals("done"); line = next()) {
      String[] words = line.split(" ");
      all.add(
          new Stream(
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              words[4]));
    }
    return all;
  }

  private String next() {
    String line = early.poll();
    return line == null ? child.hear() : line;
  }

  /** Ends the streams that are open. */
  public List<Stream> stop() {
    child.say("stop");
    return await();
  }

  @Override
  public void close() {
    child.close();
  }
}

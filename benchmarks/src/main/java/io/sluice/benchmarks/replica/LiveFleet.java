package io.sluice.benchmarks.replica;

import io.sluice.benchmarks.process.JavaChild;
import java.util.List;

/**
 * Null replicas that follow a log as it grows, in a process of their own. Confined to one thread.
 */
public final class LiveFleet implements AutoCloseable {

  /** What all have got at a moment, and what the slowest has. */
  public record Count(long bytes, long packets, long fewest) {}

  private final JavaChild child;

  /**
   * Starts the process; returns when all have asked for their dumps.
   *
   * @param options must not end at the end of the log
   * @param watched so many look at the stamps of rows
   */
  public LiveFleet(FleetOptions options, int watched) {
    child =
        JavaChild.start(
            LiveReplicas.class,
            List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-D" + LiveReplicas.WATCHED + "=" + watched),
            options.arguments());
    child.hear("ready");
  }

  /** The process's number. */
  public long pid() {
    return child.pid();
  }

  /** How far they are; an exception if a stream has ended. */
  public Count count() {
    child.say("count");
    String[] words = child.hear("count").split(" ");
    return new Count(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  /** How old stamps were that came since the last call. */
  public Latency stamps() {
    child.say("stamps");
    return Latency.parse(child.hear("stamps"));
  }

  @Override
  public void close() {
    child.close();
  }
}

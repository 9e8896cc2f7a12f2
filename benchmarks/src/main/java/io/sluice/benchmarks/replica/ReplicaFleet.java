package io.sluice.benchmarks.replica;

import io.sluice.benchmarks.process.JavaChild;
import java.util.ArrayList;
import java.util.List;

/** Null replicas in a process of their own. Confined to one thread. */
public final class ReplicaFleet implements AutoCloseable {

  /** One stream that has ended; the time runs from the request. */
  public record Stream(long bytes, long packets, long nanoseconds, String state) {}

  /** What all have got at a moment. */
  public record Count(long bytes, long packets) {}

  private final JavaChild child;

  /** Starts the process; returns when all replicas have registered. */
  public ReplicaFleet(FleetOptions options) {
    child =
        JavaChild.start(
            NullReplicas.class, List.of("-Xmx256m", "-XX:+UseSerialGC"), options.arguments());
    child.hear("ready");
  }

  /** The process's number. */
  public long pid() {
    return child.pid();
  }

  /** All ask for their dumps. */
  public void go() {
    child.say("go");
  }

  /** How far they are. */
  public Count count() {
    child.say("count");
    String[] words = child.hear("count").split(" ");
    return new Count(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** Waits until all streams have ended. */
  public List<Stream> await() {
    List<Stream> all = new ArrayList<>();
    for (String line = child.hear(); !line.equals("done"); line = child.hear()) {
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

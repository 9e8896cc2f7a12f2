package io.sluice.benchmarks.load;

import io.sluice.benchmarks.process.JavaChild;
import java.time.Duration;
import java.util.List;

/**
 * Transactions of one stamped row each, by several connections of a process of its own. The table
 * of {@link Stamps#CREATE} must be there. Confined to one thread.
 */
public final class InsertLoad implements AutoCloseable {

  /** What was committed, and how long that took. */
  public record Result(long transactions, long nanoseconds) {
    /** Transactions per second. */
    public double perSecond() {
      return transactions * 1e9 / nanoseconds;
    }
  }

  private final JavaChild child;

  /** Starts the process; returns when all connections are there. */
  public InsertLoad(String host, int port, String user, String password, int connections) {
    child =
        JavaChild.start(
            InsertProgram.class,
            List.of("-Xmx128m", "-XX:+UseSerialGC"),
            host,
            Integer.toString(port),
            user,
            password,
            Integer.toString(connections));
    child.hear("ready");
  }

  /** The process's number. */
  public long pid() {
    return child.pid();
  }

  /** Begins; so many in a second, or with 0 each connection one after the other. */
  public void begin(Duration time, double perSecond) {
    child.say("run " + time.toNanos() + " " + perSecond);
  }

  /** The transactions of all loads so far; not near the end of a load. */
  public long count() {
    child.say("count");
    return Long.parseLong(child.hear("count"));
  }

  /** Waits for the end. */
  public Result await() {
    String[] words = child.hear("ran").split(" ");
    return new Result(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  @Override
  public void close() {
    child.close();
  }
}

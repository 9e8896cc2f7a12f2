package io.sluice.benchmarks.contestant;

import io.sluice.benchmarks.process.JavaChild;
import java.nio.file.Path;
import java.util.List;

/**
 * What the machine can at most: a process that has a binlog file in memory as packets, and writes
 * them to whoever asks for a dump, over and over until it has sent what it was told. The replica
 * says as the dump's position where to begin, as the number of one of {@link #groups}.
 */
public final class RawSender implements Contestant {
  private static final long MEGA = 1L << 20;

  /** Direct memory in MB that is not for packets. */
  private static final int FOR_CONNECTIONS = 64;

  private final JavaChild child;
  private final int port;
  private final int groups;

  /** Starts the process with one closed binlog file; each dump is about that many bytes long. */
  public RawSender(Path file, long fileSize, long bytes) {
    // Packet headers and markers are at most a quarter of an event: none is shorter than 19 bytes.
    long megabytes = fileSize / MEGA * 5 / 4 + 16;
    child =
        JavaChild.start(
            RawSenderProgram.class,
            List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=" + (megabytes + FOR_CONNECTIONS) + "m"),
            file.toString(),
            Long.toString(megabytes * MEGA),
            Long.toString(bytes));
    String[] words = child.hear("ready").split(" ");
    port = Integer.parseInt(words[0]);
    groups = Integer.parseInt(words[1]);
  }

  /** How many places there are where a dump can begin. */
  public int groups() {
    return groups;
  }

  @Override
  public String name() {
    return "raw sender";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    child.close();
  }
}

package io.sluice.benchmarks.replica;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.process.JavaChild;
import java.util.List;

/**
 * A process with one null replica at a time, which reads a whole log, over TLS if wanted; from any
 * server, again and again. Confined to one thread.
 */
public final class RepeatedReplica implements AutoCloseable {
  private final JavaChild child =
      JavaChild.start(OneReplica.class, List.of("-Xmx128m", "-XX:+UseSerialGC"));

  /** The process's number. */
  public long pid() {
    return child.pid();
  }

  /** Logs in and registers, as what does not belong to what is measured. */
  public void connect(int port, boolean tls) {
    child.say("connect " + port + " " + tls + " " + Account.REPLICA + " " + Account.PASSWORD);
    child.hear("ready");
  }

  /** Reads the log from the beginning of that file to its end, and decrypts it. */
  public ReplicaFleet.Stream read(String file) {
    return dump(file, 0, 0, "EOF");
  }

  /**
   * The same, over TLS, without decrypting it.
   *
   * @param bytes how many {@link #read} has given
   * @param padding how many zero bytes the server adds to each record of TLS 1.3
   */
  public ReplicaFleet.Stream count(String file, long bytes, int padding) {
    return dump(file, bytes, padding, "COUNTED");
  }

  private ReplicaFleet.Stream dump(String file, long bytes, int padding, String state) {
    child.say("go " + file + " " + bytes + " " + padding);
    String[] words = child.hear("replica").split(" ");
    ReplicaFleet.Stream stream =
        new ReplicaFleet.Stream(
            Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
    if (!stream.state().equals(state)) {
      throw new IllegalStateException(stream + " (expected: " + state + ")");
    }
    return stream;
  }

  @Override
  public void close() {
    child.close();
  }
}

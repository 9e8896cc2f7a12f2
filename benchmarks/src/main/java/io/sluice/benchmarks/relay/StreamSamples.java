package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.replica.RepeatedReplica;
import io.sluice.benchmarks.replica.ReplicaFleet;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import org.jspecify.annotations.Nullable;

/** What one way to read a log gave in all turns, beside the plain way. Not thread-safe. */
final class StreamSamples {
  private static final double GIGA = 1e9;

  /** What Java adds to each record of TLS 1.3; if that were not so, lengths would differ. */
  private static final int JAVA_PADDING = 16;

  private final String name;
  private final int port;
  private final ProcessMeter server;
  private final boolean tls;
  private final int padding;
  private final @Nullable StreamSamples plain;
  private final Samples speed = new Samples();
  private final Samples cpu = new Samples();
  private final Samples replicaCpu = new Samples();
  private long bytes;

  /** Plain is what this is compared with; null for what is plain itself. */
  StreamSamples(String name, int port, long pid, boolean tls, @Nullable StreamSamples plain) {
    this.name = name;
    this.port = port;
    this.server = new ProcessMeter(pid);
    this.tls = tls;
    this.plain = plain;
    this.padding = name.startsWith("Sluice") ? JAVA_PADDING : 0;
  }

  /** Reads the log and checks its length, then does once what is measured afterwards. */
  void warmUp(RepeatedReplica replica, String file) {
    replica.connect(port, tls);
    bytes = replica.read(file).bytes();
    if (plain != null && plain.bytes != bytes) {
      throw new IllegalStateException(
          name + ": " + bytes + " bytes (expected: " + plain.bytes + " as without)");
    }
    stream(replica, file);
  }

  /** One turn. */
  void measure(RepeatedReplica replica, String file) {
    ProcessMeter other = new ProcessMeter(replica.pid());
    replica.connect(port, tls);
    double before = server.cpuSeconds();
    double otherBefore = other.cpuSeconds();
    ReplicaFleet.Stream stream = dump(replica, file);
    double gigabytes = bytes / GIGA;
    cpu.add((server.cpuSeconds() - before) / gigabytes);
    replicaCpu.add((other.cpuSeconds() - otherBefore) / gigabytes);
    speed.add(gigabytes / (stream.nanoseconds() / GIGA));
  }

  private void stream(RepeatedReplica replica, String file) {
    replica.connect(port, tls);
    dump(replica, file);
  }

  private ReplicaFleet.Stream dump(RepeatedReplica replica, String file) {
    ReplicaFleet.Stream stream = tls ? replica.count(file, bytes, padding) : replica.read(file);
    if (stream.bytes() != bytes) {
      throw new IllegalStateException(
          name + ": " + stream.bytes() + " bytes (expected: " + bytes + ")");
    }
    return stream;
  }

  /** A table for {@link #row}. */
  static Table table() {
    return new Table(
        "who serves", "GB/s", "× plain", "CPU s/GB", "× plain", "CPU s/GB of the replica");
  }

  /** One line of the table. */
  void row(Table table) {
    table.row(
        name,
        speed.text(2),
        plain == null ? "" : speed.ratioTo(plain.speed).text(2),
        cpu.text(2),
        plain == null ? "" : cpu.ratioTo(plain.cpu).text(2),
        replicaCpu.text(2));
  }
}

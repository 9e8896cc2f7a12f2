package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.process.PageCache;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.replica.FleetOptions;
import io.sluice.benchmarks.replica.ReplicaFleet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The same streams from each contestant in turns, read by replicas in one process whose code is
 * warm. Confined to one thread.
 */
final class Race implements AutoCloseable {

  /**
   * What each contestant has to do.
   *
   * @param replicas how many streams there are at once
   * @param starts where they begin
   * @param limit how many bytes each takes; all that there are if it is {@link #ALL}
   * @param cold whether the files are read from the disk
   */
  record Work(
      int replicas,
      Function<ServedLog, List<FleetOptions.Start>> starts,
      long limit,
      boolean cold) {}

  /** Streams end where the log ends. */
  static final long ALL = Long.MAX_VALUE;

  /** Compilers of Java runtimes are done by then: a relay runs for months. */
  private static final int WARM_UPS = 3;

  /** One thread reads more than one sender can give; several senders need two. */
  private static final int THREADS = 2;

  private static final long FIRST_SERVER_ID = 1000;

  private final Bench bench;
  private @Nullable ReplicaFleet fleet;
  private long nextServerId = FIRST_SERVER_ID;

  Race(Bench bench) {
    this.bench = bench;
  }

  /** All turns; before the first one each does the work, so that code and files are warm. */
  Map<String, Figures> run(List<ServedLog> logs, Work work) {
    Map<String, Figures> all = new LinkedHashMap<>();
    if (!bench.smoke() && !work.cold()) {
      for (int i = 0; i < WARM_UPS; i++) {
        for (ServedLog log : logs) {
          turn(log, work, new Figures());
        }
      }
    }
    for (int turn = 0; turn < bench.turns(); turn++) {
      for (ServedLog log : logs) {
        turn(log, work, all.computeIfAbsent(log.contestant().name(), name -> new Figures()));
      }
    }
    return all;
  }

  private void turn(ServedLog log, Work work, Figures figures) {
    if (work.cold()) {
      PageCache.forget(log.files());
    }
    ReplicaFleet replicas = connect(log, work);
    ProcessMeter server = new ProcessMeter(log.contestant().pid());
    ProcessMeter client = new ProcessMeter(replicas.pid());
    server.resetPeak();
    final double serverBefore = server.cpuSeconds();
    final double clientBefore = client.cpuSeconds();
    final long diskBefore = server.diskBytes();
    replicas.go(work.limit());
    List<ReplicaFleet.Stream> streams = replicas.await();
    final double serverCpu = server.cpuSeconds() - serverBefore;
    final double clientCpu = client.cpuSeconds() - clientBefore;
    check(log, work, streams);
    long bytes = streams.stream().mapToLong(ReplicaFleet.Stream::bytes).sum();
    figures.add(bytes, longest(streams), serverCpu, clientCpu);
    figures.add(bytes, server.peakBytes(), server.diskBytes() - diskBefore);
  }

  private ReplicaFleet connect(ServedLog log, Work work) {
    FleetOptions options =
        new FleetOptions(
            "127.0.0.1",
            log.contestant().port(),
            Account.REPLICA,
            Account.PASSWORD,
            work.replicas(),
            nextServerId,
            true,
            log.contestant().isMySql(),
            work.starts().apply(log));
    // A server ends an older stream of the same replica, which may still be about to end by itself.
    nextServerId += work.replicas();
    ReplicaFleet known = fleet;
    if (known == null) {
      known = new ReplicaFleet(options, THREADS);
      fleet = known;
    } else {
      known.again(options);
    }
    return known;
  }

  private static long longest(List<ReplicaFleet.Stream> streams) {
    return streams.stream().mapToLong(ReplicaFleet.Stream::nanoseconds).max().orElseThrow();
  }

  /** Packets have headers and markers, which binlog files have not. */
  private static void check(ServedLog log, Work work, List<ReplicaFleet.Stream> streams) {
    boolean whole = work.limit() == ALL;
    LongStream bytes = streams.stream().mapToLong(ReplicaFleet.Stream::bytes);
    boolean enough = bytes.allMatch(n -> n >= (whole ? log.bytes() : work.limit()));
    // The last bytes that are wanted may come together with the end of the log.
    boolean ended =
        streams.stream()
            .allMatch(s -> s.state().equals("EOF") || (!whole && s.state().equals("ENOUGH")));
    if (streams.size() != work.replicas() || !enough || !ended) {
      throw new IllegalStateException(
          log.contestant().name() + " served " + streams + " (expected: " + log.bytes() + ")");
    }
  }

  @Override
  public void close() {
    if (fleet != null) {
      fleet.close();
    }
  }
}

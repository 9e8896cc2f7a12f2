package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.Contestant;
import io.sluice.benchmarks.contestant.ServerContestant;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.process.ProcessMeter;
import io.sluice.benchmarks.replica.FleetOptions;
import io.sluice.benchmarks.replica.ReplicaFleet;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Samples;
import io.sluice.benchmarks.report.Table;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One replica starts at the beginning of a long log. */
final class CatchUp implements Scenario {
  private static final double GIGA = 1e9;
  private static final int FIRST_EVENT = 4;
  private static final Duration INTAKE = Duration.ofMinutes(10);

  @Override
  public String id() {
    return "a";
  }

  @Override
  public String title() {
    return "One replica catches up";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    try (MariaDbServer master = RowEvents.master().start()) {
      Account.create(master);
      RowEvents.write(master, 200, bench.size(1_000_000_000, 20_000_000));
      try (SluiceRelay sluice =
          new SluiceRelay(bench.home(), bench.folder("a"), master.port(), "sync = 100ms", "")) {
        sluice.start();
        awaitStored(master, sluice);
        List<Contestant> contestants =
            List.of(new ServerContestant("MariaDB 11.4", master), sluice);
        Table table = new Table("contestant", "GB/s", "CPU s/GB", "CPU s/GB of the replica");
        for (Contestant contestant : contestants) {
          Samples speed = new Samples();
          Samples cost = new Samples();
          Samples replica = new Samples();
          for (int turn = 0; turn < bench.turns(); turn++) {
            ProcessMeter meter = new ProcessMeter(contestant.pid());
            try (ReplicaFleet fleet = new ReplicaFleet(options(contestant, master))) {
              ProcessMeter other = new ProcessMeter(fleet.pid());
              double before = meter.cpuSeconds();
              double otherBefore = other.cpuSeconds();
              fleet.go();
              ReplicaFleet.Stream stream = fleet.await().get(0);
              double bytes = stream.bytes() / GIGA;
              speed.add(bytes / (stream.nanoseconds() / GIGA));
              cost.add((meter.cpuSeconds() - before) / bytes);
              replica.add((other.cpuSeconds() - otherBefore) / bytes);
            }
          }
          table.row(contestant.name(), speed.text(2), cost.text(2), replica.text(2));
        }
        report.table(table);
      }
    }
  }

  private static FleetOptions options(Contestant contestant, MariaDbServer master) {
    return new FleetOptions(
        "127.0.0.1",
        contestant.port(),
        Account.REPLICA,
        Account.PASSWORD,
        1,
        1000,
        true,
        contestant.isMySql(),
        List.of(FleetOptions.Start.at(master.binlogFiles().get(0), FIRST_EVENT)));
  }

  private static void awaitStored(MariaDbServer master, SluiceRelay sluice) {
    String file = master.binlogEnd().file();
    long size = master.binlogEnd().position();
    Path stored = sluice.store().resolve(file);
    Await.until(
        "the relay has " + file + " up to " + size,
        INTAKE,
        () -> Files.exists(stored) && Files.size(stored) >= size);
  }
}

package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Account;
import io.sluice.benchmarks.contestant.SluiceRelay;
import io.sluice.benchmarks.intake.IntakeLog;
import io.sluice.benchmarks.intake.IntakeSamples;
import io.sluice.benchmarks.intake.SluiceTaker;
import io.sluice.benchmarks.replica.RepeatedReplica;
import io.sluice.benchmarks.report.Report;
import io.sluice.benchmarks.report.Table;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What TLS, a compressed and an encrypted store cost: one replica catches up, and for the encrypted
 * store the intake. Everything beside the same without it.
 */
final class SecuredStores implements Scenario {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int KEY_BYTES = 32;
  private static final String PACED = "sync = 100ms";

  /** The master ends the connection of a replica when another one comes with its server id. */
  private static final String ID_OF_COMPRESSED = ", server-id = 4712";

  private static final String ID_OF_ENCRYPTED = ", server-id = 4713";

  @Override
  public String id() {
    return "h";
  }

  @Override
  public String title() {
    return "TLS, compressed and encrypted stores";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    report.paragraph(
"""
One replica reads a whole log that is in memory (page cache). Over TLS it decrypts the stream only in a turn \
before the first one, to check it and to count its bytes; then it walks the heads of TLS records, so that \
the sender is measured and not Java's decryption. "× plain" compares with the same server without TLS and \
with a plain store, turn by turn. Half of each row is random digits, the rest repeats.\
""");
    for (int eventSize : bench.smoke() ? List.of(1000) : List.of(200, 8192)) {
      Path folder = bench.folder("h-" + eventSize);
      try (MariaDbServer master = master(folder)) {
        Account.create(master);
        RowEvents.writeMixed(master, eventSize, bench.size(150_000_000, 2_000_000));
        RowEvents.writeMixed(master, eventSize, bench.size(350_000_000, 3_000_000));
        IntakeLog log = IntakeLog.of(master);
        String encrypted = encryption(folder);
        catchUp(bench, report, log, eventSize, encrypted);
        intake(bench, report, log, eventSize, encrypted);
      }
    }
  }

  /** With a certificate of ours: the server takes seconds to make one. */
  private static MariaDbServer master(Path folder) throws IOException {
    TestAuthority.make("Benchmarks").issue("CN=master").write(folder, "master");
    return RowEvents.master()
        .tls()
        .option("ssl_cert", folder.resolve("master-cert.pem").toString())
        .option("ssl_key", folder.resolve("master-key.pem").toString())
        .start();
  }

  private static void catchUp(
      Bench bench, Report report, IntakeLog log, int eventSize, String encryption)
      throws Exception {
    Path folder = bench.folder("h-" + eventSize);
    try (SluiceRelay plain = relay(bench, folder.resolve("plain"), log, "");
        SluiceRelay packed =
            relay(bench, folder.resolve("packed"), log, ID_OF_COMPRESSED + ", compression = zstd");
        SluiceRelay sealed =
            relay(bench, folder.resolve("sealed"), log, ID_OF_ENCRYPTED + ", " + encryption);
        RepeatedReplica replica = new RepeatedReplica()) {
      awaitStored(plain, log);
      awaitStored(packed, log);
      awaitStored(sealed, log);
      long packedSize = awaitPacked(packed, log);
      MariaDbServer master = log.master();
      StreamSamples maria =
          new StreamSamples("MariaDB 11.4", master.port(), master.pid(), false, null);
      StreamSamples mine = new StreamSamples("Sluice", plain.port(), plain.pid(), false, null);
      List<StreamSamples> all =
          List.of(
              maria,
              new StreamSamples("MariaDB 11.4, TLS", master.port(), master.pid(), true, maria),
              mine,
              new StreamSamples("Sluice, TLS", plain.port(), plain.pid(), true, mine),
              new StreamSamples(
                  "Sluice, compressed store", packed.port(), packed.pid(), false, mine),
              new StreamSamples(
                  "Sluice, encrypted store", sealed.port(), sealed.pid(), false, mine));
      for (StreamSamples samples : all) {
        samples.warmUp(replica, log.first());
      }
      for (int turn = 0; turn < bench.turns(); turn++) {
        for (StreamSamples samples : all) {
          samples.measure(replica, log.first());
        }
      }
      report.paragraph(
          String.format(
              Locale.ROOT,
              "Catch-up over %d MB, row events of %d bytes; zstd has made %.2f of it:",
              log.size() / 1_000_000,
              eventSize,
              (double) packedSize / log.size()));
      Table table = StreamSamples.table();
      all.forEach(samples -> samples.row(table));
      report.table(table);
    }
  }

  private static void intake(
      Bench bench, Report report, IntakeLog log, int eventSize, String encryption)
      throws IOException {
    SluiceTaker.Place place =
        new SluiceTaker.Place(
            bench.home(),
            bench.folder("h-" + eventSize).resolve("intake"),
            IntakeSpeed.javaOptions(bench));
    SluiceTaker plain = new SluiceTaker("Sluice", place, log, PACED, true);
    SluiceTaker sealed =
        new SluiceTaker("Sluice, encrypted store", place, log, PACED + ", " + encryption, true);
    IntakeSamples plainSamples = new IntakeSamples();
    IntakeSamples sealedSamples = new IntakeSamples();
    for (int turn = 0; turn < bench.turns(); turn++) {
      plainSamples.add(plain.take(turn));
      sealedSamples.add(sealed.take(turn));
    }
    report.paragraph(
        String.format(
            Locale.ROOT,
            "Intake with %s, row events of %d bytes, measured as in d, but until the file is "
                + "forced to disk and closed; encrypted: %s × the MB/s, %s × the CPU per GB:",
            PACED,
            eventSize,
            sealedSamples.speed().ratioTo(plainSamples.speed()).text(2),
            sealedSamples.cpu().ratioTo(plainSamples.cpu()).text(2)));
    Table table = IntakeSamples.table();
    plainSamples.row(table, plain.name());
    sealedSamples.row(table, sealed.name());
    report.table(table);
  }

  private static SluiceRelay relay(Bench bench, Path folder, IntakeLog log, String options) {
    SluiceRelay relay =
        new SluiceRelay(
            bench.home(),
            folder,
            log.master().port(),
            PACED + options,
            IntakeSpeed.javaOptions(bench));
    relay.configure(log.master().port(), PACED + options, "tls { mode = preferred }");
    return relay.start();
  }

  /** A key of its own, as options of the router. */
  private static String encryption(Path folder) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Path file = folder.resolve("keys");
    Files.writeString(file, "1;" + HexFormat.of().formatHex(key) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return "encryption-key-file = \"" + file + "\", encryption-key-id = 1";
  }

  private static void awaitStored(SluiceRelay relay, IntakeLog log) {
    String third = log.master().binlogFiles().get(2);
    Path plain = relay.store().resolve(third);
    Path encrypted = relay.store().resolve(third + SluiceTaker.ENCRYPTED);
    Await.until(
        "the relay has both files",
        LIMIT,
        () -> Files.exists(plain) || Files.exists(encrypted),
        relay::output);
  }

  /** Returns how long both files are then. */
  private static long awaitPacked(SluiceRelay relay, IntakeLog log) throws IOException {
    long size = 0;
    for (String file : List.of(log.first(), log.second())) {
      Path plain = relay.store().resolve(file);
      Path packed = relay.store().resolve(file + ".zst");
      Await.until(
          file + " is compressed",
          LIMIT,
          () -> Files.exists(packed) && !Files.exists(plain),
          relay::output);
      size += Files.size(packed);
    }
    return size;
  }
}

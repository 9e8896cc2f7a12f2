package io.sluice.binlog.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The relay's numbers in the metrics, each with the tag {@code service}. Closing takes them out
 * again. Thread-safe.
 */
public final class RelayMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();

  /** Registers the meters of a relay. */
  public RelayMeters(MeterRegistry registry, String service, BinlogStatus status) {
    this.registry = registry;
    meters.add(
        FunctionCounter.builder("sluice.binlog.received.bytes", status, s -> s.counters().bytes())
            .tag("service", service)
            .description("Bytes received from the master, framing included")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        FunctionCounter.builder("sluice.binlog.received.events", status, s -> s.counters().events())
            .tag("service", service)
            .description("Events received from the master and stored")
            .register(registry));
    meters.add(
        FunctionCounter.builder("sluice.binlog.sent.bytes", status, s -> s.registry().sentBytes())
            .tag("service", service)
            .description("Bytes sent to replicas, framing included")
            .baseUnit("bytes")
            .register(registry));
    more(service, status);
    packing(service, status);
    meters.add(
        Gauge.builder("sluice.binlog.replicas", status, s -> s.registry().dumping())
            .tag("service", service)
            .description("Replicas with a dump under way")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.link.up", status, s -> s.link().status().isUp() ? 1 : 0)
            .tag("service", service)
            .description("1 while the master streams to the relay")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.intake.paused",
                status,
                s -> s.store().writer().alarm() == null ? 0 : 1)
            .tag("service", service)
            .description("1 while the store cannot be written and nothing is taken from the master")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.store.bytes", status, s -> s.store().inventory().totalSize())
            .tag("service", service)
            .description("Bytes of the stored log")
            .baseUnit("bytes")
            .register(registry));
  }

  private void more(String service, BinlogStatus status) {
    meters.add(
        FunctionCounter.builder("sluice.binlog.purged.bytes", status, s -> s.store().purgedBytes())
            .tag("service", service)
            .description("Bytes of the log that were purged")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.start.scanned.bytes",
                status,
                s -> s.store().startScans().totalBytes())
            .tag("service", service)
            .description("Bytes of the log read to find where replicas begin")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        FunctionCounter.builder("sluice.binlog.acks", status, s -> s.registry().acks())
            .tag("service", service)
            .description("Acknowledgements of semi-synchronous replicas")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.sent.acks", status, s -> s.counters().acknowledgements())
            .tag("service", service)
            .description("Acknowledgements sent to the master")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.replicas.semisync", status, s -> s.registry().semiSyncClients())
            .tag("service", service)
            .description("Replicas that acknowledge")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.epoch", status, s -> s.store().watermark().file().epoch())
            .tag("service", service)
            .description("How many histories of masters the store has begun")
            .register(registry));
  }

  private void packing(String service, BinlogStatus status) {
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.packed.files", status, s -> s.store().packing().packedFiles())
            .tag("service", service)
            .description("Closed files of the log that were brought into another form")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.packed.from.bytes", status, s -> s.store().packing().plainBytes())
            .tag("service", service)
            .description("Bytes of these files before")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.packed.bytes", status, s -> s.store().packing().packedBytes())
            .tag("service", service)
            .description("Bytes of these files afterwards")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.archived.files", status, s -> s.store().packing().archivedFiles())
            .tag("service", service)
            .description("Files of the log that are in the archive")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.packing.problem",
                status,
                s -> s.store().packing().problem().isEmpty() ? 0 : 1)
            .tag("service", service)
            .description("1 while closed files cannot be brought into another form")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.archive.problem",
                status,
                s -> s.store().packing().archiveProblem().isEmpty() ? 0 : 1)
            .tag("service", service)
            .description("1 while the archive cannot be used")
            .register(registry));
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}

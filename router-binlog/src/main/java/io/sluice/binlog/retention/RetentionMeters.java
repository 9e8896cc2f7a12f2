package io.sluice.binlog.retention;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * Retention's numbers in the metrics, each with the tag {@code service}. Closing takes them out
 * again. Thread-safe.
 */
public final class RetentionMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();

  /** Registers the meters of a relay. */
  public RetentionMeters(MeterRegistry registry, String service, Retention retention) {
    this.registry = registry;
    meters.add(
        Gauge.builder("sluice.binlog.retention.disk.bytes", retention, r -> r.last().diskBytes())
            .tag("service", service)
            .description("Bytes that the log takes on disk, with what is in the archive")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.retention.free.bytes", retention, r -> r.last().freeBytes())
            .tag("service", service)
            .description("Bytes that the disk of the log has left")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.retention.held.bytes", retention, Retention::heldBytes)
            .tag("service", service)
            .description("Bytes beyond the limits that are kept because replicas need them")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        Gauge.builder(
                "sluice.binlog.retention.oldest.seconds", retention, r -> r.last().oldestEvent())
            .tag("service", service)
            .description("Time of the last event of the oldest file, seconds since 1970")
            .baseUnit("seconds")
            .register(registry));
    meters.add(
        Gauge.builder("sluice.binlog.replicas.known", retention, r -> r.known().all().size())
            .tag("service", service)
            .description("Replicas that are connected or were so within retention-replica-time")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.retention.purged.bytes", retention, Retention::purgedBytes)
            .tag("service", service)
            .description("Bytes of the log that retention purged")
            .baseUnit("bytes")
            .register(registry));
    meters.add(
        FunctionCounter.builder(
                "sluice.binlog.retention.stranded", retention, Retention::strandedReplicas)
            .tag("service", service)
            .description("How often the hard limit took what a known replica needed")
            .register(registry));
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}

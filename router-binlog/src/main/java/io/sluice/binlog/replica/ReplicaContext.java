package io.sluice.binlog.replica;

import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.store.BinlogStore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What all replica sessions of one relay share. Thread-safe parts.
 *
 * @param service the name of the service, for logs
 * @param store the log
 * @param feed readers of it
 * @param registry who is there
 * @param maxReplicas 0 for any number
 * @param verifyChecksums whether events are verified before they are sent, as the master says
 * @param source who the relay says it is, from moment to moment
 */
public record ReplicaContext(
    String service,
    BinlogStore store,
    BinlogFeed feed,
    ReplicaRegistry registry,
    int maxReplicas,
    BooleanSupplier verifyChecksums,
    Supplier<PresentedSource> source) {}

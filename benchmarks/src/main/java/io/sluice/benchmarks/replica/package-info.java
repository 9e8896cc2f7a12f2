/**
 * Replicas that cost next to nothing: they log in, register, ask for a dump and look at packet
 * headers only. They run in a process of their own ({@link
 * io.sluice.benchmarks.replica.NullReplicas}), which a scenario drives through {@link
 * io.sluice.benchmarks.replica.ReplicaFleet}.
 */
@NullMarked
package io.sluice.benchmarks.replica;

import org.jspecify.annotations.NullMarked;

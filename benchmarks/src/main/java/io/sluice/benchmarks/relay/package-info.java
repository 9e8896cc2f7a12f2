/**
 * The scenarios of the relay, one class each: the same work for each contestant in turns, medians
 * with minimum and maximum. {@link io.sluice.benchmarks.relay.Bench} is what all share.
 */
@NullMarked
package io.sluice.benchmarks.relay;

import org.jspecify.annotations.NullMarked;

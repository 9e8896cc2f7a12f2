/**
 * Processes that are measured, and what they cost: {@link io.sluice.benchmarks.process.JavaChild}
 * starts one of our own programs, {@link io.sluice.benchmarks.process.ProcessMeter} reads processor
 * time and memory of any process.
 */
@NullMarked
package io.sluice.benchmarks.process;

import org.jspecify.annotations.NullMarked;

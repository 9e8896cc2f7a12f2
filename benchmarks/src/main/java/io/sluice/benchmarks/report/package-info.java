/**
 * What was measured, in words: {@link io.sluice.benchmarks.report.Samples} of one figure, {@link
 * io.sluice.benchmarks.report.Table}s, {@link io.sluice.benchmarks.report.Budget}s, all in one
 * {@link io.sluice.benchmarks.report.Report}.
 */
@NullMarked
package io.sluice.benchmarks.report;

import org.jspecify.annotations.NullMarked;

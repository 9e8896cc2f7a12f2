/**
 * A write load: transactions that insert one small row each, stamped with the time ({@link
 * io.sluice.benchmarks.load.Stamps}), from a process of its own ({@link
 * io.sluice.benchmarks.load.InsertLoad}).
 */
@NullMarked
package io.sluice.benchmarks.load;

import org.jspecify.annotations.NullMarked;

/**
 * What things cost. {@link io.sluice.benchmarks.Micro} runs the JMH benchmarks of the packages
 * below and prints a report; drivers for whole processes have their own.
 */
@NullMarked
package io.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;

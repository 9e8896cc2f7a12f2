/** JMH benchmarks of single parts, one class for each. */
@NullMarked
package io.sluice.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

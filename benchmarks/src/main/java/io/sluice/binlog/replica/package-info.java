/** Benchmarks of what serves replicas; here for what only this package sees. */
@NullMarked
package io.sluice.binlog.replica;

import org.jspecify.annotations.NullMarked;

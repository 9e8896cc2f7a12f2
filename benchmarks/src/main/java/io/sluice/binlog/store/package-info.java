/** Benchmarks of what stores events; here for what only this package sees. */
@NullMarked
package io.sluice.binlog.store;

import org.jspecify.annotations.NullMarked;

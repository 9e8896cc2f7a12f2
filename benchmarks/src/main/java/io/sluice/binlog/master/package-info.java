/** Benchmarks of what takes events in; here for what only this package sees. */
@NullMarked
package io.sluice.binlog.master;

import org.jspecify.annotations.NullMarked;

/** Benchmarks of connections to servers; here for what only this package sees. */
@NullMarked
package io.sluice.mysql.backend;

import org.jspecify.annotations.NullMarked;

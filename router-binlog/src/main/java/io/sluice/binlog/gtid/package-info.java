/**
 * MariaDB global transaction ids: one id, a position (one id per domain) and the state of a binary
 * log (one id per domain and server). Sequence numbers are unsigned 64-bit values kept in a {@code
 * long}.
 */
@NullMarked
package io.sluice.binlog.gtid;

import org.jspecify.annotations.NullMarked;

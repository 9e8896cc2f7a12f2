/**
 * How long the log is kept. {@link io.sluice.binlog.retention.RetentionPolicy} decides which of the
 * oldest files go, from numbers alone; {@link io.sluice.binlog.retention.KnownReplicas} remembers
 * who was served and what they need, also while they are away and over restarts; {@link
 * io.sluice.binlog.retention.Retention} asks the one about the other again and again, has the store
 * purge what goes, and tells why the rest stays.
 */
@NullMarked
package io.sluice.binlog.retention;

import org.jspecify.annotations.NullMarked;

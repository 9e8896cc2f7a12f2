/**
 * What SHOW answers. {@link io.sluice.binlog.sql.show.ShowParser} turns the words behind SHOW into
 * a {@link io.sluice.binlog.sql.show.ShowStatement}; {@link io.sluice.binlog.sql.show.ShowExecutor}
 * answers it from the relay's true state.
 */
@NullMarked
package io.sluice.binlog.sql.show;

import org.jspecify.annotations.NullMarked;

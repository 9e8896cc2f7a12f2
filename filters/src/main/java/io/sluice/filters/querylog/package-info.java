/**
 * The filter module {@code query-log}: one line for each statement of a client, with who, how long
 * and how it ended. {@link io.sluice.filters.querylog.QueryLogSession} watches one session, {@link
 * io.sluice.filters.querylog.LogWriter} writes on a thread of its own, so that no session ever
 * waits for a disk.
 *
 * <p>Statements hold data of users, passwords among them: the file is made readable for its owner
 * only, and the filter is to be used knowingly.
 */
@NullMarked
package io.sluice.filters.querylog;

import org.jspecify.annotations.NullMarked;

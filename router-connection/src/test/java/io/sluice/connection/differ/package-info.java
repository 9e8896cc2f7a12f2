/**
 * What programs do with a connection, written down so that it can be compared: {@link
 * io.sluice.connection.differ.Operation}s run against a connection and note in a {@link
 * io.sluice.connection.differ.Transcript} everything that the driver told.
 */
@NullMarked
package io.sluice.connection.differ;

import org.jspecify.annotations.NullMarked;

/** Servers behind the proxy and their immutable state snapshots. */
@NullMarked
package io.sluice.api.server;

import org.jspecify.annotations.NullMarked;

/** The configured servers and the board with their latest states. */
@NullMarked
package io.sluice.core.server;

import org.jspecify.annotations.NullMarked;

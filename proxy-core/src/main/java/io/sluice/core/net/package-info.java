/** The network: event loops, listeners, connections to servers, and what holds reading back. */
@NullMarked
package io.sluice.core.net;

import org.jspecify.annotations.NullMarked;

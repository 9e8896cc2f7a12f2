/** Guards that watch a whole test run: leaked Netty buffers, blocking calls on event loops. */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.leak;

/**
 * An independent witness for tests: real database servers, scripted peers and wire assertions.
 *
 * <p>Nothing here imports another Sluice module. What the proxy understands of the protocol is
 * checked by code that was written a second time.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit;

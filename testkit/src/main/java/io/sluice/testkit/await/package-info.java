/** Waiting for a condition with a deadline: the only way in which tests wait. */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.await;

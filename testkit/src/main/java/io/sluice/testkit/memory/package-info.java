/** What code under test may allocate. */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.memory;

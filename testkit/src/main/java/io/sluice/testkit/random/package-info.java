/** Random input that a seed gives again. */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.random;

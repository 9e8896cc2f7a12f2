/**
 * A second, blocking implementation of the MySQL wire protocol, small enough to be trusted, for
 * tests that must send what no driver would send; and assertions for Netty decoders.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.wire;

/**
 * Protocol compression, in both roles: after the login all bytes of a connection travel in frames.
 * {@link io.sluice.mysql.compression.CompressionHandler} stands in the pipeline between TLS and the
 * packets; everything behind it sees the packets as they would be without compression, with the
 * numbers that they would have. {@link io.sluice.mysql.compression.Compression} says how frames are
 * packed.
 */
@NullMarked
package io.sluice.mysql.compression;

import org.jspecify.annotations.NullMarked;

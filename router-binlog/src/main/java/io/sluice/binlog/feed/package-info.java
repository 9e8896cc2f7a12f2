/**
 * The way of bytes from the store to replicas: a {@link io.sluice.binlog.feed.BinlogCursor} per
 * replica takes shared {@link io.sluice.binlog.feed.Chunk}s, recent ones from a ring that the
 * writer fills, older ones through a cache that I/O threads load. Catch-up and tail are one
 * mechanism; no call on an event loop blocks or reads a file.
 */
@NullMarked
package io.sluice.binlog.feed;

import org.jspecify.annotations.NullMarked;

package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the writer's thread is asked to do, in the order in which it was asked. */
sealed interface WriterCommand {
  record Append(long position, ByteBuf bytes) implements WriterCommand {}

  record StartFile(String name) implements WriterCommand {}

  /** Back to the last whole transaction, and into a new epoch if there is a reason for one. */
  record Discard(@Nullable String newEpoch, CompletableFuture<ResumePoint> done)
      implements WriterCommand {}

  /** Everything so far to disk, be it due or not. */
  record Force(CompletableFuture<Watermark> done) implements WriterCommand {}

  record Overflow() implements WriterCommand {}

  /** A force is over. */
  record Forced() implements WriterCommand {}

  record Close() implements WriterCommand {}
}

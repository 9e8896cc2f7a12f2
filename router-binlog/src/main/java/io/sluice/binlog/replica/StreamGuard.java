package io.sluice.binlog.replica;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * Runs the steps of a stream on its loop. A step that fails has left bytes out or has not asked for
 * more: without a word the replica would wait for ever. Any thread may hand steps over.
 *
 * @param loop of the session
 * @param onDefect ends the stream; called on the loop
 */
record StreamGuard(EventLoop loop, Consumer<Throwable> onDefect) {

  /** Runs a step now; on the loop. */
  void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      onDefect.accept(e);
    }
  }

  /** Runs a step soon. */
  void later(Runnable step) {
    loop.execute(() -> run(step));
  }

  /** A step that others run, on the loop. */
  Runnable guarded(Runnable step) {
    return () -> run(step);
  }
}

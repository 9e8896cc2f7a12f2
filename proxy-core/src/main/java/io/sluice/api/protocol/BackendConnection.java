package io.sluice.api.protocol;

import io.netty.channel.ChannelPipeline;
import io.sluice.api.session.Downstream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One server's wire. Confined to the event loop of its channel, which is the session's.
 *
 * <ol>
 *   <li>{@link #start} is called once, when the channel is active; it adds handlers and logs in.
 *   <li>After the login it calls {@link BackendContext#ready}; requests come only after that, in
 *       order, and may come before earlier ones were answered.
 *   <li>It finds where each answer ends and hands chunks to {@link BackendContext#reply}: a chunk
 *       never holds bytes of two answers.
 *   <li>Any failure is told once through {@link BackendContext#failed}; nothing follows.
 *   <li>{@link #close} says good-bye and closes the channel; nothing is told after it.
 * </ol>
 */
public interface BackendConnection extends Downstream {

  /** Begins. */
  void start(ChannelPipeline pipeline);

  /**
   * Asks the server, on a way of its own, to break off the request that is under way here; its
   * answer comes as usual.
   *
   * @return done when the server was told or had nothing to do; fails with what stood in the way
   */
  default CompletionStage<Void> interrupt() {
    return CompletableFuture.failedStage(
        new UnsupportedOperationException("the protocol cannot interrupt a request"));
  }

  /** Says good-bye and closes the channel. */
  void close();
}

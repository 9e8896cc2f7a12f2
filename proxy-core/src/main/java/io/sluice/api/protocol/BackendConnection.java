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
 *   <li>A connection may serve several sessions, one after the other. When one is over and {@link
 *       #isReusable} agrees, {@link #reset} undoes what it left behind; when the next one comes,
 *       which {@link BackendContext#identity} tells from then on, {@link #renew} logs in for it.
 *       Both end with {@link BackendContext#ready} or {@link BackendContext#failed}, and no request
 *       comes in between.
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

  /**
   * Whether another session may have it after {@link #reset} and {@link #renew}: nothing is under
   * way, not even in part, and nothing was done on it that those two would not undo.
   */
  default boolean isReusable() {
    return false;
  }

  /** Undoes on the server what the session left behind; called only when it is reusable. */
  default void reset() {
    throw new UnsupportedOperationException("reset");
  }

  /**
   * Logs in again, for another session with the same {@link BackendProtocol#poolKey}; called only
   * after {@link #reset}. The server itself decides whether the user may still log in. A failure
   * that may pass means: try again on a new connection.
   */
  default void renew() {
    throw new UnsupportedOperationException("renew");
  }

  /**
   * Asks the server for a sign of life, which is told by {@link BackendContext#alive}.
   *
   * @return whether it was asked; false when the protocol has no such question or when it should
   *     not be asked now
   */
  default boolean ping() {
    return false;
  }
}

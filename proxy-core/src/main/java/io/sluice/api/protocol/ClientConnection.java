package io.sluice.api.protocol;

import io.netty.channel.ChannelPipeline;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Upstream;

/**
 * One client's wire. Confined to the event loop of its channel.
 *
 * <ol>
 *   <li>{@link #start} is called once, when the channel is active; it adds handlers and greets.
 *   <li>After the login it calls {@link ClientContext#authenticated} once, then {@link
 *       ClientContext#routeQuery} for each request; before, nothing comes through {@link
 *       #clientReply}.
 *   <li>{@link #clientReply} writes to the channel as it came; flushing is its business.
 *   <li>{@link #close} is called at most once, sends the failure as an error of the protocol if
 *       there is one and if the protocol's state allows, then closes the channel.
 *   <li>If the channel closes by itself, {@link ClientContext#closed} is called once.
 * </ol>
 */
public interface ClientConnection extends Upstream {

  /** Begins. */
  void start(ChannelPipeline pipeline);

  /** Ends; {@code failure} is null for an end without an error. */
  void close(CloseReason reason, @org.jspecify.annotations.Nullable Failure failure);

  /** What it is doing, in one word for administrators, such as {@code login} or {@code command}. */
  String state();
}

package io.sluice.api.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.sluice.api.server.Server;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Reply;

/** What the engine gives a backend connection. Confined to the event loop of the channel. */
public interface BackendContext {

  /** The server. */
  Server server();

  /** The channel; the engine drives its auto-read. */
  Channel channel();

  /**
   * For whom: what the client proved and agreed, or what an internal client logs in with. Another
   * one when the connection has come to another session.
   */
  Identity identity();

  /** The login is done, or the reset, or the login for the next session. */
  void ready();

  /** The server has answered {@link BackendConnection#ping}. */
  default void alive() {}

  /** A chunk of an answer; ownership goes with the call. */
  void reply(ByteBuf chunk, Reply reply);

  /**
   * Whether the client can take more of the server's bytes at this moment. A protocol that makes
   * much out of a few bytes that it has read asks before it goes on; the engine itself stops
   * reading a little later.
   */
  default boolean isTaken() {
    return true;
  }

  /** The connection failed; called at most once. */
  void failed(Failure failure);
}

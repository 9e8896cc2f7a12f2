package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Reply;
import io.sluice.core.net.ClientAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The session that an endpoint belongs to. Confined to its event loop. */
public interface EndpointOwner {

  /** The session's number. */
  long id();

  /** Whether its connections count among those that a server may have. */
  default boolean isLimited() {
    return true;
  }

  /** Where everything runs. */
  EventLoop eventLoop();

  /** The client whose requests go out; null when there is none. */
  default @Nullable ClientAddress clientAddress() {
    return null;
  }

  /** Whether its connections may come from the pool and go there when it is over. */
  default boolean mayPool() {
    return false;
  }

  /** The longest time that a connection goes without a sign of life; zero for any. */
  default Duration keepAlive() {
    return Duration.ZERO;
  }

  /** The login is done and what waited has been sent. */
  void onEndpointReady(SessionEndpoint endpoint);

  /** A chunk of an answer came; ownership goes with the call. */
  void onEndpointReply(ByteBuf chunk, Reply reply, SessionEndpoint endpoint);

  /** It failed; told once, never in the middle of a call of module code. */
  void onEndpointFailed(SessionEndpoint endpoint, Failure failure);

  /** It is closed, whoever closed it; told once. */
  void onEndpointClosed(SessionEndpoint endpoint);
}

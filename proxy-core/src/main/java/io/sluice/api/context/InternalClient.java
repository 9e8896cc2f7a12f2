package io.sluice.api.context;

import io.netty.channel.EventLoop;
import io.sluice.api.session.Endpoint;

/** A session without a socket. Its endpoint is confined to {@link #eventLoop()}. */
public interface InternalClient {

  /** The session's number. */
  long id();

  /** Where everything of it runs. */
  EventLoop eventLoop();

  /** The one server it talks to; use on the event loop only. */
  Endpoint endpoint();

  /** Ends it; nothing more is reported. Any thread, more than once is fine. */
  void close();
}

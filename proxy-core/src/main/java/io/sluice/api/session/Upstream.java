package io.sluice.api.session;

import io.netty.buffer.ByteBuf;

/** The way towards the client: the next filter or the client connection. */
@FunctionalInterface
public interface Upstream {

  /**
   * Takes a chunk of an answer.
   *
   * @param chunk bytes of the wire; ownership goes with the call
   * @param reply what is known of the answer
   */
  void clientReply(ByteBuf chunk, Reply reply);
}

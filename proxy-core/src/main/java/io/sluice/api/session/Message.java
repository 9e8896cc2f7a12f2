package io.sluice.api.session;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/**
 * A request or a chunk of a long one, as bytes of the wire, framing included.
 *
 * <p>Ownership: who receives a message forwards it or releases it, exactly once. Who only looks
 * leaves the indices of the content as they are.
 */
public final class Message {

  private final Request request;
  private final ByteBuf content;
  private final boolean first;
  private final boolean last;

  /**
   * A chunk.
   *
   * @param request what this is; the same object for all chunks of one request
   * @param content whole packets or a part of a large one
   * @param first whether this begins the request
   * @param last whether this ends it
   */
  public Message(Request request, ByteBuf content, boolean first, boolean last) {
    this.request = requireNonNull(request, "request");
    this.content = requireNonNull(content, "content");
    this.first = first;
    this.last = last;
  }

  /** A request in one piece. */
  public static Message whole(Request request, ByteBuf content) {
    return new Message(request, content, true, true);
  }

  /** What this is. */
  public Request request() {
    return request;
  }

  /** The bytes; owned by the message. */
  public ByteBuf content() {
    return content;
  }

  /** Whether this begins the request. */
  public boolean isFirst() {
    return first;
  }

  /** Whether this ends the request. */
  public boolean isLast() {
    return last;
  }

  /** The same request with bytes of its own to give to a second receiver; does not copy. */
  public Message retainedDuplicate() {
    return new Message(request, content.retainedDuplicate(), first, last);
  }

  /** Gives the bytes back. */
  public void release() {
    content.release();
  }
}

package io.sluice.core.lines;

import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;

/** An answer of the line protocol; complete with its newline. */
public final class LineReply implements Reply {

  private final Request request;
  private boolean complete;
  private long bytes;

  public LineReply(Request request) {
    this.request = request;
  }

  /** The whole answer in one chunk. */
  public static LineReply whole(Request request) {
    LineReply reply = new LineReply(request);
    reply.complete = true;
    return reply;
  }

  void chunk(int length, boolean last) {
    bytes += length;
    complete = last;
  }

  @Override
  public Request request() {
    return request;
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public ReplyError error() {
    return null;
  }

  @Override
  public long rows() {
    return 0;
  }

  @Override
  public long bytes() {
    return bytes;
  }
}

package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.request.MySqlReply;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what a server sends after the login, as it was read, cut only where one answer ends and
 * the next begins. Confined to the event loop.
 */
final class BackendAnswers extends ChannelInboundHandlerAdapter {

  private final MySqlBackendConnection connection;
  private final BackendContext context;
  private final ReplyTracker tracker;

  BackendAnswers(MySqlBackendConnection connection, BackendContext context, ReplyTracker tracker) {
    this.connection = connection;
    this.context = context;
    this.tracker = tracker;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object input) {
    ByteBuf in = (ByteBuf) input;
    try {
      while (in.isReadable() && !connection.isOver()) {
        next(in);
      }
    } finally {
      in.release();
    }
  }

  private void next(ByteBuf in) {
    int start = in.readerIndex();
    int stop = tracker.walk(in, start);
    MySqlReply reply = tracker.current();
    if (reply == null) {
      in.readerIndex(stop);
      farewell();
      return;
    }
    ByteBuf chunk = in.readRetainedSlice(stop - start);
    reply.addBytes(stop - start);
    if (reply.isComplete()) {
      // Before the call: it may send the next request at once.
      tracker.advance();
    }
    if (connection.isOwn(reply.request())) {
      chunk.release();
      if (reply.isComplete()) {
        connection.pinged(reply.error());
      }
      return;
    }
    context.reply(chunk, reply);
  }

  /** Some servers say why they are about to close a connection that nobody uses. */
  private void farewell() {
    @Nullable ReplyError error = tracker.farewell();
    if (error != null) {
      connection.fail(
          new Failure(
              Failure.Kind.TRANSIENT,
              CloseReason.SERVER_LOST,
              "the server ended the connection: " + error,
              error,
              null));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    connection.lost("the server closed the connection", null);
    channel.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    connection.failed(cause);
  }
}

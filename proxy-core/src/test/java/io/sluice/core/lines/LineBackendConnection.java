package io.sluice.core.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import java.util.ArrayDeque;
import java.util.Queue;

/** The client role of the line protocol. */
final class LineBackendConnection implements BackendConnection, LineSplitter.Parts {

  private final BackendContext context;
  private final Queue<LineReply> expected = new ArrayDeque<>();
  private boolean ready;
  private boolean pinged;
  private boolean tainted;
  private boolean closed;

  LineBackendConnection(BackendContext context) {
    this.context = context;
  }

  @Override
  public void start(ChannelPipeline pipeline) {
    pipeline.addLast(new LineSplitter(this));
    String login = "LOGIN " + context.identity().user() + "\n";
    context.channel().writeAndFlush(Unpooled.copiedBuffer(login, UTF_8));
  }

  @Override
  public void part(ByteBuf bytes, boolean first, boolean last) {
    if (closed) {
      bytes.release();
      return;
    }
    if (!ready) {
      String line = bytes.toString(UTF_8).trim();
      bytes.release();
      if (line.equals("OK")) {
        ready = true;
        context.ready();
      } else if (line.equals("LATER")) {
        fail(Failure.passing(CloseReason.SERVER_LOST, "server says " + line, null));
      } else {
        fail(Failure.lasting(CloseReason.LOGIN_REFUSED, "server says " + line, null));
      }
      return;
    }
    if (pinged && expected.isEmpty()) {
      bytes.release();
      pinged = false;
      context.alive();
      return;
    }
    LineReply reply = expected.peek();
    if (reply == null) {
      bytes.release();
      throw new IllegalStateException("an answer without a request");
    }
    reply.chunk(bytes.readableBytes(), last);
    if (last) {
      expected.remove();
    }
    context.reply(bytes, reply);
  }

  @Override
  public void ended() {
    fail(Failure.passing(CloseReason.SERVER_LOST, "the server hung up", null));
  }

  private void fail(Failure failure) {
    if (!closed) {
      closed = true;
      context.failed(failure);
    }
  }

  @Override
  public void routeQuery(Message message) {
    LineRequest request = (LineRequest) message.request();
    if (request.text().equals("backend-throws")) {
      message.release();
      throw new IllegalStateException("the backend protocol is broken");
    }
    if (request.text().equals("backend-fails")) {
      message.release();
      fail(Failure.passing(CloseReason.SERVER_LOST, "failed in the call", null));
      return;
    }
    tainted |= request.text().equals("taint");
    if (message.isFirst() && request.expectsReply()) {
      expected.add(new LineReply(request));
    }
    context.channel().writeAndFlush(message.content());
  }

  @Override
  public boolean isReusable() {
    return ready && !closed && !pinged && !tainted && expected.isEmpty();
  }

  @Override
  public void reset() {
    ready = false;
    context.channel().writeAndFlush(Unpooled.copiedBuffer("RESET\n", UTF_8));
  }

  @Override
  public void renew() {
    ready = false;
    String login = "LOGIN " + context.identity().user() + "\n";
    context.channel().writeAndFlush(Unpooled.copiedBuffer(login, UTF_8));
  }

  @Override
  public boolean ping() {
    pinged = true;
    context.channel().writeAndFlush(Unpooled.copiedBuffer("PING\n", UTF_8));
    return true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    context
        .channel()
        .writeAndFlush(Unpooled.copiedBuffer("QUIT\n", UTF_8))
        .addListener(ChannelFutureListener.CLOSE);
  }
}

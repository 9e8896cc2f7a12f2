package io.sluice.core.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Reply;

/** The server role of the line protocol. */
final class LineClientConnection implements ClientConnection, LineSplitter.Parts {

  private final ClientContext context;
  private boolean loggedIn;
  private boolean closed;
  private LineRequest current = new LineRequest("");

  LineClientConnection(ClientContext context) {
    this.context = context;
  }

  @Override
  public void start(ChannelPipeline pipeline) {
    pipeline.addLast(new LineSplitter(this));
  }

  @Override
  public void part(ByteBuf bytes, boolean first, boolean last) {
    if (closed) {
      bytes.release();
      return;
    }
    if (!loggedIn) {
      login(bytes);
      return;
    }
    if (first) {
      current = new LineRequest(bytes.toString(UTF_8).trim());
      if (current.text().equals("QUIT")) {
        bytes.release();
        context.closed(CloseReason.CLIENT_QUIT, "QUIT");
        return;
      }
      if (current.text().equals("protocol-throws")) {
        bytes.release();
        throw new IllegalStateException("the protocol is broken");
      }
    }
    context.routeQuery(new Message(current, bytes, first, last));
  }

  private void login(ByteBuf bytes) {
    String line = bytes.toString(UTF_8).trim();
    bytes.release();
    if (!line.startsWith("LOGIN ")) {
      write("ERR protocol expected LOGIN\n");
      context.closed(CloseReason.PROTOCOL_VIOLATION, "expected LOGIN");
      return;
    }
    loggedIn = true;
    context.authenticated(
        new Identity(
            new PasswordCredentials(line.substring(6), ""), context.clientHost(), "state"));
    if (!closed) {
      write("OK\n");
    }
  }

  private void write(String text) {
    context.channel().writeAndFlush(Unpooled.copiedBuffer(text, UTF_8));
  }

  @Override
  public void ended() {
    if (!closed) {
      context.closed(CloseReason.CLIENT_LOST, "connection closed");
    }
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply) {
    context.channel().writeAndFlush(chunk);
  }

  @Override
  public void close(CloseReason reason, Failure failure) {
    if (closed) {
      throw new IllegalStateException("closed twice");
    }
    closed = true;
    String text = failure == null ? "" : "ERR " + reason.label() + " " + failure.message() + "\n";
    context
        .channel()
        .writeAndFlush(Unpooled.copiedBuffer(text, UTF_8))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public String state() {
    return loggedIn ? "command" : "login";
  }
}

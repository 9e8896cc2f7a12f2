package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** An open server that writes down what it gets and answers what the test says. */
final class FakeEndpoint implements Endpoint {

  private final Server server;
  private final EndpointHandler handler;
  private final Deque<MySqlRequest> pending = new ArrayDeque<>();

  /** Everything it got, as text: the SQL, or the command with a statement id and payload. */
  final List<String> received = new ArrayList<>();

  private boolean open = true;
  private int status = ServerStatus.AUTOCOMMIT;
  private long nextStatement;

  FakeEndpoint(Server server, EndpointHandler handler, long firstStatement) {
    this.server = server;
    this.handler = handler;
    this.nextStatement = firstStatement;
  }

  /** The status word of its next answers. */
  void status(int word) {
    status = word;
  }

  /** Requests that have no answer yet. */
  @Override
  public int pending() {
    return pending.size();
  }

  void ready() {
    handler.endpointReady(this);
  }

  /** Answers the oldest request with OK. */
  void ok() {
    MySqlRequest request = pending.remove();
    MySqlReply reply = new MySqlReply(request);
    if (request.command() == Command.STMT_PREPARE) {
      long id = nextStatement++;
      reply.prepared(id);
      reply.finish();
      handler.clientReply(prepared(id, 1), reply, this);
      return;
    }
    reply.status(status, 0);
    reply.finish();
    handler.clientReply(text("ok from " + server.name()), reply, this);
  }

  /** Answers everything that waits with OK. */
  void okAll() {
    while (!pending.isEmpty()) {
      ok();
    }
  }

  /** A first chunk of the oldest answer. */
  void part() {
    handler.clientReply(
        text("part from " + server.name()), new MySqlReply(pending.element()), this);
  }

  /** Answers the oldest request with an error. */
  void error(int code) {
    MySqlReply reply =
        MySqlReply.complete(pending.remove(), new ReplyError(code, "HY000", "refused"));
    handler.clientReply(text("error from " + server.name()), reply, this);
  }

  /** Breaks. */
  void lose() {
    open = false;
    pending.clear();
    handler.handleError(this, Failure.passing(CloseReason.SERVER_LOST, "reset by peer", null));
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static ByteBuf prepared(long id, int parameters) {
    return Packets.frame(
        Unpooled.EMPTY_BUFFER.alloc(),
        1,
        out -> {
          WireWriter.u1(out, 0);
          WireWriter.u4(out, id);
          WireWriter.u2(out, 1);
          WireWriter.u2(out, parameters);
          out.writeZero(3);
        });
  }

  @Override
  public Server server() {
    return server;
  }

  @Override
  public void routeQuery(Message message) {
    try {
      if (!open) {
        return;
      }
      MySqlRequest request = (MySqlRequest) message.request();
      if (!message.isFirst()) {
        received.add("+" + message.content().toString(StandardCharsets.UTF_8));
        return;
      }
      ByteBuf content = message.content();
      if (request.command() == Command.QUERY) {
        received.add(
            content.toString(
                content.readerIndex() + 5, content.readableBytes() - 5, StandardCharsets.UTF_8));
      } else {
        received.add(request.command() + " " + ByteBufUtil.hexDump(content).substring(10));
      }
      if (request.expectsReply()) {
        pending.add(request);
      }
    } finally {
      message.release();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReady() {
    return open;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void setReading(boolean reading) {}

  @Override
  public void close() {
    open = false;
    pending.clear();
  }
}

package io.sluice.readwrite;

import io.netty.buffer.ByteBuf;
import io.sluice.api.server.Server;
import io.sluice.api.session.Message;
import io.sluice.mysql.request.MySqlRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to one server and back. Answers of a server come in the order of its
 * requests, so the oldest exchange of a {@link Backend} is the one that is answered.
 */
final class Exchange {

  private final MySqlRequest request;
  private final boolean forClient;
  private final @Nullable SessionCommand command;
  private final @Nullable Prepared prepared;
  private final Set<Server> failed = new HashSet<>();

  private @Nullable Message retry;
  private @Nullable ByteBuf head;
  private byte @Nullable [] packet;
  private boolean delivered;
  private boolean read;

  private Exchange(
      MySqlRequest request,
      boolean forClient,
      @Nullable SessionCommand command,
      @Nullable Prepared prepared) {
    this.request = request;
    this.forClient = forClient;
    this.command = command;
    this.prepared = prepared;
  }

  /** One whose answer goes to the client. */
  static Exchange forClient(
      MySqlRequest request, @Nullable SessionCommand command, @Nullable Prepared prepared) {
    return new Exchange(request, true, command, prepared);
  }

  /** One whose answer nobody gets; without a command it is expected to work. */
  static Exchange silent(
      MySqlRequest request, @Nullable SessionCommand command, @Nullable Prepared prepared) {
    return new Exchange(request, false, command, prepared);
  }

  MySqlRequest request() {
    return request;
  }

  boolean isForClient() {
    return forClient;
  }

  @Nullable SessionCommand command() {
    return command;
  }

  @Nullable Prepared prepared() {
    return prepared;
  }

  /** The framed request, kept for the session's history; null for one that is not kept. */
  byte @Nullable [] packet() {
    return packet;
  }

  void packet(byte @Nullable [] framed) {
    packet = framed;
  }

  /** Whether a part of the answer has gone to the client. */
  boolean isDelivered() {
    return delivered;
  }

  /** A part of the answer goes to the client: there is no way back. */
  void delivered() {
    delivered = true;
    release();
  }

  /** Whether it is a read that any server may answer. */
  boolean isRead() {
    return read;
  }

  /** Keeps a read to send it elsewhere if its server is lost. */
  void keepForRetry(Message message) {
    read = true;
    retry = message;
  }

  /** The read that was kept; ownership goes to the caller. */
  @Nullable Message takeRetry() {
    Message taken = retry;
    retry = null;
    return taken;
  }

  /** Servers that failed to answer it. */
  Set<Server> failed() {
    return failed;
  }

  /** Joins the first bytes of an answer; ownership goes with the call. */
  ByteBuf head(ByteBuf chunk) {
    ByteBuf before = head;
    if (before == null) {
      head = chunk;
    } else {
      head = before.alloc().buffer().writeBytes(before).writeBytes(chunk);
      before.release();
      chunk.release();
    }
    return head;
  }

  /** The head was used: it belongs to the caller now. */
  void headTaken() {
    head = null;
  }

  /** Gives back what it holds. */
  void release() {
    if (retry != null) {
      retry.release();
      retry = null;
    }
    if (head != null) {
      head.release();
      head = null;
    }
  }
}

package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.EofPacket;
import io.sluice.mysql.message.ErrPacket;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.wire.Packets;

/**
 * The way of one dump's packets to the client, from the first one to the EOF or ERR at the end;
 * counts them. Confined to the loop of the session.
 */
final class DumpChannel {
  private final SessionContext session;
  private final ReplicaRegistry registry;
  private final Replica replica;
  private final PacketFramer framer;
  private final Capabilities capabilities;
  private final MySqlReply reply;
  private final ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;

  DumpChannel(
      SessionContext session,
      ReplicaRegistry registry,
      Replica replica,
      PacketFramer framer,
      Capabilities capabilities,
      Request command) {
    this.session = session;
    this.registry = registry;
    this.replica = replica;
    this.framer = framer;
    this.capabilities = capabilities;
    this.reply = new MySqlReply(command);
  }

  /** Sends one framed event that was made for this stream. */
  void event(ByteBuf framed) {
    replica.sent(framed.readableBytes(), 1, 0);
    bytes(framed);
  }

  /** Sends framed bytes that the replica's counters have already. */
  void bytes(ByteBuf framed) {
    registry.sent(framed.readableBytes());
    reply.addBytes(framed.readableBytes());
    session.upstream().clientReply(framed, reply);
  }

  /** Ends with an error. */
  void error(ReplyError error) {
    reply.fail(error);
    last(ErrPacket.of(error)::encode);
  }

  /** Ends with an EOF in its classic form, whatever was agreed. */
  void eof() {
    reply.finish();
    last((out, agreed) -> new EofPacket(0, ServerStatus.AUTOCOMMIT).encode(out));
  }

  private interface Encoder {
    void encode(ByteBuf out, Capabilities agreed);
  }

  /** Inside an event no packet can follow: it would be taken for a part of the event. */
  private void last(Encoder packet) {
    if (!framer.isInsideEvent()) {
      ByteBuf framed =
          Packets.frame(alloc, framer.nextSequence(), out -> packet.encode(out, capabilities));
      session.upstream().clientReply(framed, reply);
    }
  }
}

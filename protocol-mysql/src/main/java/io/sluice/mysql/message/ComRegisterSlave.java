package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * A replica introduces itself. Source: the replication pages of the public MariaDB protocol
 * reference.
 *
 * @param serverId the replica's server id
 * @param host what it reports as its host, often empty
 * @param user what it reports as a user, often empty
 * @param password what it reports as a password, often empty
 * @param port what it reports as its port
 * @param rank without meaning
 * @param masterId the server id of its master; 0 means that the receiver fills in its own
 */
public record ComRegisterSlave(
    long serverId, String host, String user, String password, int port, long rank, long masterId) {

  /** Reads the payload, command byte included. */
  public static ComRegisterSlave decode(ByteBuf in) {
    CommandBytes.expect(in, Command.REGISTER_SLAVE);
    return new ComRegisterSlave(
        WireReader.u4(in),
        WireReader.string(in, WireReader.u1(in)),
        WireReader.string(in, WireReader.u1(in)),
        WireReader.string(in, WireReader.u1(in)),
        WireReader.u2(in),
        WireReader.u4(in),
        WireReader.u4(in));
  }

  /** Writes the payload, command byte included. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, Command.REGISTER_SLAVE.code());
    WireWriter.u4(out, serverId);
    shortString(out, host);
    shortString(out, user);
    shortString(out, password);
    WireWriter.u2(out, port);
    WireWriter.u4(out, rank);
    WireWriter.u4(out, masterId);
  }

  private static void shortString(ByteBuf out, String text) {
    int at = out.writerIndex();
    WireWriter.u1(out, 0);
    WireWriter.string(out, text);
    int length = out.writerIndex() - at - 1;
    if (length > 255) {
      throw new IllegalArgumentException("text: " + length + " bytes (expected: <= 255)");
    }
    out.setByte(at, length);
  }

  @Override
  public String toString() {
    return "ComRegisterSlave[serverId=" + serverId + ", host=" + host + ", port=" + port + "]";
  }
}

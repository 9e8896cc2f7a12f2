package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * Asks for the binary log from a file and position. Source: the replication pages of the public
 * MariaDB protocol reference.
 *
 * @param position where to begin
 * @param flags the meaning of the bits is up to the family of the server
 * @param serverId the replica's server id; 0 means that it does not want to wait for more
 * @param file the name of the file, which ends at a zero byte; empty for the first
 */
public record ComBinlogDump(long position, int flags, long serverId, String file) {

  /** A flag: end with an EOF packet instead of waiting for more. */
  public static final int NON_BLOCKING = 0x01;

  /** A flag of MariaDB: send the statements that belong to row events. */
  public static final int ANNOTATE_ROWS = 0x02;

  /** Reads the payload, command byte included. */
  public static ComBinlogDump decode(ByteBuf in) {
    CommandBytes.expect(in, Command.BINLOG_DUMP);
    return new ComBinlogDump(
        WireReader.u4(in),
        WireReader.u2(in),
        WireReader.u4(in),
        CommandBytes.untilZero(WireReader.restString(in)));
  }

  /** Writes the payload, command byte included. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, Command.BINLOG_DUMP.code());
    WireWriter.u4(out, position);
    WireWriter.u2(out, flags);
    WireWriter.u4(out, serverId);
    WireWriter.string(out, file);
  }
}

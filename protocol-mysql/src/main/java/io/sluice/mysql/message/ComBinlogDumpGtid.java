package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * Asks a MySQL server for the binary log after a set of GTIDs. Source: the public MySQL protocol
 * reference.
 *
 * <p>Replicas of 5.6 and 5.7 send as many zero bytes as the name of their last file is long where
 * the name of the file belongs: servers take a name to end at its first zero byte, so that is an
 * empty one. What follows the set is ignored as servers do.
 *
 * @param flags as for {@link ComBinlogDump}, and {@link #HEARTBEAT_V2}
 * @param serverId the replica's server id
 * @param file the name of a file, usually empty
 * @param position usually 4
 * @param gtidSet the set in its binary form
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record ComBinlogDumpGtid(
    int flags, long serverId, String file, long position, byte[] gtidSet) {

  /** A flag of MySQL since 8.0.26: heartbeats may be of the second type. */
  public static final int HEARTBEAT_V2 = 0x02;

  /** Copies the bytes. */
  public ComBinlogDumpGtid {
    gtidSet = gtidSet.clone();
  }

  @Override
  public byte[] gtidSet() {
    return gtidSet.clone();
  }

  /** Reads the payload, command byte included. */
  public static ComBinlogDumpGtid decode(ByteBuf in) {
    CommandBytes.expect(in, Command.BINLOG_DUMP_GTID);
    int flags = WireReader.u2(in);
    long serverId = WireReader.u4(in);
    String file = CommandBytes.untilZero(WireReader.string(in, fixedLength(in)));
    long position = WireReader.u8(in);
    byte[] gtidSet = WireReader.bytes(in, fixedLength(in));
    return new ComBinlogDumpGtid(flags, serverId, file, position, gtidSet);
  }

  private static int fixedLength(ByteBuf in) {
    return (int) Math.min(WireReader.u4(in), Integer.MAX_VALUE);
  }

  /** Writes the payload, command byte included. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, Command.BINLOG_DUMP_GTID.code());
    WireWriter.u2(out, flags);
    WireWriter.u4(out, serverId);
    WireWriter.u4(out, ByteBufUtil.utf8Bytes(file));
    WireWriter.string(out, file);
    WireWriter.u8(out, position);
    WireWriter.u4(out, gtidSet.length);
    WireWriter.bytes(out, gtidSet);
  }

  @Override
  public String toString() {
    return "ComBinlogDumpGtid[flags="
        + flags
        + ", serverId="
        + serverId
        + ", file="
        + file
        + ", position="
        + position
        + ", gtidSet="
        + gtidSet.length
        + " bytes]";
  }
}

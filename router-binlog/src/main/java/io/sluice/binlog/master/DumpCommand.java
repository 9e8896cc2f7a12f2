package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import java.util.function.Consumer;

/**
 * The request for the stream. Immutable.
 *
 * @param command which of the two
 * @param file where it begins; empty for the master's first file
 * @param position where in the file
 * @param body writes the payload, command byte included
 */
record DumpCommand(Command command, String file, long position, Consumer<ByteBuf> body) {

  static DumpCommand of(ComBinlogDump request) {
    return new DumpCommand(
        Command.BINLOG_DUMP, request.file(), request.position(), request::encode);
  }

  static DumpCommand of(ComBinlogDumpGtid request) {
    return new DumpCommand(
        Command.BINLOG_DUMP_GTID, request.file(), request.position(), request::encode);
  }
}

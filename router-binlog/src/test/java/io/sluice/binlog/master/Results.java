package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.mysql.result.ResultSetWriter;
import java.util.ArrayList;
import java.util.List;

/** Result sets as a server would have sent them. */
final class Results {
  private Results() {}

  static ResultSet value(String value) {
    return rows(1, new String[] {value});
  }

  static ResultSet ok() {
    ResultSetReader reader = new ResultSetReader(Capabilities.INTERNAL);
    reader.feed(
        ResultSetWriter.ok(ByteBufAllocator.DEFAULT, 1, Capabilities.INTERNAL, OkPacket.PLAIN));
    return reader.result();
  }

  /** The message of a request by file and position. */
  static ComBinlogDump decoded(DumpCommand request) {
    ByteBuf payload = Unpooled.buffer();
    request.body().accept(payload);
    return ComBinlogDump.decode(payload);
  }

  static ResultSet rows(int columns, String[]... rows) {
    ResultSetWriter writer =
        new ResultSetWriter(ByteBufAllocator.DEFAULT, 1, Capabilities.INTERNAL);
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      definitions.add(ColumnDefinition.string("c" + i));
    }
    writer.columns(definitions);
    for (String[] row : rows) {
      writer.row((Object[]) row);
    }
    ResultSetReader reader = new ResultSetReader(Capabilities.INTERNAL);
    reader.feed(writer.finish(ServerStatus.AUTOCOMMIT));
    return reader.result();
  }
}

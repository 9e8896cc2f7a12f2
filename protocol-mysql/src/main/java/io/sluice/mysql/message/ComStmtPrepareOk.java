package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * A statement was prepared. Source: the COM_STMT_PREPARE page of the public MariaDB protocol
 * reference.
 *
 * @param statementId the number for further commands
 * @param columns how many columns its result set will have
 * @param parameters how many parameters it has
 * @param warnings how many warnings there are
 */
public record ComStmtPrepareOk(long statementId, int columns, int parameters, int warnings) {

  /** The length of the payload. */
  public static final int LENGTH = 12;

  /** Reads the payload. */
  public static ComStmtPrepareOk decode(ByteBuf in) {
    CommandBytes.expect(in, OkPacket.HEADER, "prepared statement");
    long statementId = WireReader.u4(in);
    int columns = WireReader.u2(in);
    int parameters = WireReader.u2(in);
    int warnings = 0;
    if (in.readableBytes() >= 3) {
      WireReader.skip(in, 1);
      warnings = WireReader.u2(in);
    }
    return new ComStmtPrepareOk(statementId, columns, parameters, warnings);
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, OkPacket.HEADER);
    WireWriter.u4(out, statementId);
    WireWriter.u2(out, columns);
    WireWriter.u2(out, parameters);
    WireWriter.u1(out, 0);
    WireWriter.u2(out, warnings);
  }
}

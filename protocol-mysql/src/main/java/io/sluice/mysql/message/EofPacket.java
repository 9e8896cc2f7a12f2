package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * The end of columns, rows or a dump. Source: the EOF packet page of the public MariaDB protocol
 * reference.
 *
 * @param warnings how many warnings there are
 * @param status the status word
 */
public record EofPacket(int warnings, int status) {

  /** The first byte. */
  public static final int HEADER = 0xfe;

  /** The length of the payload. */
  public static final int LENGTH = 5;

  /** Payloads of this length and more that begin with the same byte are something else. */
  public static final int LENGTH_LIMIT = 9;

  /** Reads the payload. */
  public static EofPacket decode(ByteBuf in) {
    CommandBytes.expect(in, HEADER, "EOF");
    return new EofPacket(WireReader.u2(in), WireReader.u2(in));
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, HEADER);
    WireWriter.u2(out, warnings);
    WireWriter.u2(out, status);
  }
}

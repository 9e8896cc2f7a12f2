package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * It worked. Source: the OK packet page of the public MariaDB protocol reference; servers of both
 * families put a length in front of the info text, whatever was agreed. Changes of the session's
 * state are passed over when reading and never written.
 *
 * @param affectedRows how many rows were changed
 * @param lastInsertId the first number that was generated
 * @param status the status word
 * @param warnings how many warnings there are
 * @param info a text for humans, often empty
 */
public record OkPacket(
    long affectedRows, long lastInsertId, int status, int warnings, String info) {

  /** The first byte. */
  public static final int HEADER = 0x00;

  /** The first byte when it ends a result set. */
  public static final int HEADER_AS_EOF = 0xfe;

  /** Nothing to tell but that it worked; autocommit is on. */
  public static final OkPacket PLAIN = new OkPacket(0, 0, ServerStatus.AUTOCOMMIT, 0, "");

  /** Reads the payload, with either first byte. */
  public static OkPacket decode(ByteBuf in, Capabilities capabilities) {
    int header = WireReader.u1(in);
    if (header != HEADER && header != HEADER_AS_EOF) {
      throw ProtocolException.malformed("OK: first byte " + header + " (expected: 0 or 254)");
    }
    long affectedRows = WireReader.lenenc(in);
    long lastInsertId = WireReader.lenenc(in);
    int status = WireReader.u2(in);
    int warnings = WireReader.u2(in);
    String info;
    if (capabilities.isSessionTracked() || isLengthFirst(in)) {
      info = in.isReadable() ? WireReader.lenencString(in) : "";
    } else {
      info = WireReader.restString(in);
    }
    return new OkPacket(affectedRows, lastInsertId, status, warnings, info);
  }

  /** Servers put a length in front of a short text; what else speaks the protocol may not. */
  private static boolean isLengthFirst(ByteBuf in) {
    return in.isReadable() && in.getUnsignedByte(in.readerIndex()) == in.readableBytes() - 1;
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    encode(out, HEADER);
  }

  /** Writes the payload in the form that ends a result set where there are no EOF packets. */
  public void encodeAsEof(ByteBuf out) {
    encode(out, HEADER_AS_EOF);
  }

  private void encode(ByteBuf out, int header) {
    WireWriter.u1(out, header);
    WireWriter.lenenc(out, affectedRows);
    WireWriter.lenenc(out, lastInsertId);
    WireWriter.u2(out, status & ~ServerStatus.SESSION_STATE_CHANGED);
    WireWriter.u2(out, warnings);
    if (!info.isEmpty()) {
      WireWriter.lenencString(out, info);
    }
  }
}

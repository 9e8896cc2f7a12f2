package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * It worked. Source: the OK packet page of the public MariaDB protocol reference. Changes of the
 * session's state are passed over when reading and never written.
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
    String info = "";
    if (!capabilities.isSessionTracked()) {
      info = WireReader.restString(in);
    } else if (in.isReadable()) {
      info = WireReader.lenencString(in);
    }
    return new OkPacket(affectedRows, lastInsertId, status, warnings, info);
  }

  /** Writes the payload. */
  public void encode(ByteBuf out, Capabilities capabilities) {
    encode(out, capabilities, HEADER);
  }

  /** Writes the payload in the form that ends a result set where there are no EOF packets. */
  public void encodeAsEof(ByteBuf out, Capabilities capabilities) {
    encode(out, capabilities, HEADER_AS_EOF);
  }

  private void encode(ByteBuf out, Capabilities capabilities, int header) {
    WireWriter.u1(out, header);
    WireWriter.lenenc(out, affectedRows);
    WireWriter.lenenc(out, lastInsertId);
    WireWriter.u2(out, status & ~ServerStatus.SESSION_STATE_CHANGED);
    WireWriter.u2(out, warnings);
    if (!info.isEmpty()) {
      if (capabilities.isSessionTracked()) {
        WireWriter.lenencString(out, info);
      } else {
        WireWriter.string(out, info);
      }
    }
  }
}

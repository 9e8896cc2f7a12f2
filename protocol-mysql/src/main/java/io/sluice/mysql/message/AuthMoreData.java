package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * A server's next step of an authentication. Source: the connection page of the public MariaDB
 * protocol reference.
 *
 * @param data for the method, behind the first byte
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record AuthMoreData(byte[] data) {

  /** The first byte. */
  public static final int HEADER = 0x01;

  /** Copies the bytes. */
  public AuthMoreData {
    data = data.clone();
  }

  @Override
  public byte[] data() {
    return data.clone();
  }

  /** Reads the payload. */
  public static AuthMoreData decode(ByteBuf in) {
    CommandBytes.expect(in, HEADER, "authentication data");
    return new AuthMoreData(WireReader.restBytes(in));
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, HEADER);
    WireWriter.bytes(out, data);
  }

  @Override
  public String toString() {
    return "AuthMoreData[" + data.length + " bytes]";
  }
}

package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * A server asks for another authentication method. Source: the connection page of the public
 * MariaDB protocol reference.
 *
 * @param plugin the method; empty for the request of servers before 4.1, which has no name
 * @param data for the method, usually a nonce with a zero byte behind it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record AuthSwitchRequest(String plugin, byte[] data) {

  /** The first byte. */
  public static final int HEADER = 0xfe;

  /** Copies the bytes. */
  public AuthSwitchRequest {
    data = data.clone();
  }

  @Override
  public byte[] data() {
    return data.clone();
  }

  /** Reads the payload. */
  public static AuthSwitchRequest decode(ByteBuf in) {
    CommandBytes.expect(in, HEADER, "authentication switch");
    if (!in.isReadable()) {
      return new AuthSwitchRequest("", new byte[0]);
    }
    return new AuthSwitchRequest(WireReader.nulString(in), WireReader.restBytes(in));
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    WireWriter.u1(out, HEADER);
    WireWriter.nulString(out, plugin);
    WireWriter.bytes(out, data);
  }

  @Override
  public String toString() {
    return "AuthSwitchRequest[plugin=" + plugin + "]";
  }
}

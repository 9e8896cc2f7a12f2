package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;
import java.util.Arrays;

/**
 * The server's greeting. Source: the connection page of the public MariaDB protocol reference;
 * MariaDB's extended capabilities stand in the filler when bit 0 is not set.
 *
 * @param serverVersion as sent, which may begin with {@code 5.5.5-}
 * @param connectionId the server's number of the connection
 * @param nonce 20 bytes
 * @param capabilities what the server is able to do
 * @param collation the number of its default collation, the lowest byte of it
 * @param status the status word
 * @param authPlugin the authentication method that the nonce is for
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record HandshakeV10(
    String serverVersion,
    long connectionId,
    byte[] nonce,
    Capabilities capabilities,
    int collation,
    int status,
    String authPlugin) {

  private static final int VERSION = 10;
  private static final int FIRST_PART = 8;
  private static final int NONCE = 20;
  private static final String OLD_DEFAULT = "mysql_native_password";

  /** Copies the bytes. */
  public HandshakeV10 {
    nonce = nonce.clone();
  }

  @Override
  public byte[] nonce() {
    return nonce.clone();
  }

  /** Reads the payload. */
  public static HandshakeV10 decode(ByteBuf in) {
    int version = WireReader.u1(in);
    if (version != VERSION) {
      throw new ProtocolException(
          ErrorCode.BAD_HANDSHAKE, "protocol version: " + version + " (expected: 10)");
    }
    String serverVersion = WireReader.nulString(in);
    long connectionId = WireReader.u4(in);
    byte[] first = WireReader.bytes(in, FIRST_PART);
    WireReader.skip(in, 1);
    long bits = WireReader.u2(in);
    int collation = WireReader.u1(in);
    int status = WireReader.u2(in);
    bits |= (long) WireReader.u2(in) << 16;
    int nonceLength = WireReader.u1(in);
    WireReader.skip(in, 6);
    long extended = WireReader.u4(in);
    if ((bits & Capabilities.LONG_PASSWORD) == 0) {
      bits |= extended << 32;
    }
    byte[] second = {};
    Capabilities capabilities = new Capabilities(bits);
    if (capabilities.has(Capabilities.SECURE_CONNECTION)) {
      int length = Math.max(13, nonceLength - FIRST_PART);
      second = WireReader.bytes(in, Math.min(length, in.readableBytes()));
    }
    String plugin = OLD_DEFAULT;
    if (capabilities.has(Capabilities.PLUGIN_AUTH)) {
      // Some old servers forget the zero byte at the end.
      plugin = in.bytesBefore((byte) 0) >= 0 ? WireReader.nulString(in) : WireReader.restString(in);
    }
    byte[] nonce = Arrays.copyOf(first, NONCE);
    System.arraycopy(second, 0, nonce, FIRST_PART, Math.min(second.length, NONCE - FIRST_PART));
    return new HandshakeV10(
        serverVersion, connectionId, nonce, capabilities, collation, status, plugin);
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    long bits = capabilities.bits();
    WireWriter.u1(out, VERSION);
    WireWriter.nulString(out, serverVersion);
    WireWriter.u4(out, connectionId);
    out.writeBytes(nonce, 0, FIRST_PART);
    WireWriter.u1(out, 0);
    WireWriter.u2(out, (int) bits);
    WireWriter.u1(out, collation);
    WireWriter.u2(out, status);
    WireWriter.u2(out, (int) (bits >>> 16));
    WireWriter.u1(out, NONCE + 1);
    out.writeZero(6);
    WireWriter.u4(out, capabilities.has(Capabilities.LONG_PASSWORD) ? 0 : bits >>> 32);
    out.writeBytes(nonce, FIRST_PART, NONCE - FIRST_PART);
    WireWriter.u1(out, 0);
    WireWriter.nulString(out, authPlugin);
  }

  @Override
  public String toString() {
    return "HandshakeV10[serverVersion="
        + serverVersion
        + ", connectionId="
        + connectionId
        + ", capabilities="
        + capabilities
        + ", authPlugin="
        + authPlugin
        + "]";
  }
}

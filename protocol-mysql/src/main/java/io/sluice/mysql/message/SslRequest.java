package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * The first half of a client's login, sent alone to ask for TLS. Source: the connection page of the
 * public MariaDB protocol reference.
 *
 * @param capabilities what the client wants, TLS among it
 * @param maxPacket the longest payload that the client takes, in bytes
 * @param collation the number of the collation, its lowest byte
 */
public record SslRequest(Capabilities capabilities, long maxPacket, int collation) {

  /** The length of the payload. */
  public static final int LENGTH = 32;

  /** Reads the payload, or the first half of a {@link HandshakeResponse41}. */
  public static SslRequest decode(ByteBuf in) {
    long bits = WireReader.u4(in);
    long maxPacket = WireReader.u4(in);
    int collation = WireReader.u1(in);
    WireReader.skip(in, 19);
    long extended = WireReader.u4(in);
    if ((bits & Capabilities.LONG_PASSWORD) == 0) {
      bits |= extended << 32;
    }
    return new SslRequest(new Capabilities(bits), maxPacket, collation);
  }

  /** Writes the payload. */
  public void encode(ByteBuf out) {
    long bits = capabilities.bits();
    WireWriter.u4(out, bits);
    WireWriter.u4(out, maxPacket);
    WireWriter.u1(out, collation);
    out.writeZero(19);
    WireWriter.u4(out, capabilities.has(Capabilities.LONG_PASSWORD) ? 0 : bits >>> 32);
  }
}

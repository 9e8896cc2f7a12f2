package io.sluice.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header in front of a connection that tells a server whose it is, in the versions of HAProxy's
 * PROXY protocol.
 */
public enum ProxyProtocol {
  /** None is sent. */
  NONE,
  /** A line of text. */
  V1,
  /** Binary. */
  V2;

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int VERSION_LOCAL = 0x20;
  private static final int VERSION_PROXY = 0x21;
  private static final int FAMILY_NONE = 0;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;
  private static final int PORTS = 4;

  /**
   * The header for a connection; empty for {@link #NONE}.
   *
   * @param client whose connection it is; null when the proxy connects for itself. A destination of
   *     another family is replaced by the unspecified address
   */
  public ByteBuf header(ByteBufAllocator allocator, @Nullable ClientAddress client) {
    ByteBuf out = allocator.buffer();
    InetSocketAddress source = client == null ? null : client.source();
    InetSocketAddress destination = client == null ? null : client.destination();
    InetAddress from = source == null ? null : source.getAddress();
    switch (this) {
      case NONE -> {}
      case V1 -> out.writeCharSequence(line(source, from, destination), StandardCharsets.US_ASCII);
      case V2 -> writeBinary(out, source, from, destination);
    }
    return out;
  }

  private static String line(
      @Nullable InetSocketAddress source,
      @Nullable InetAddress from,
      @Nullable InetSocketAddress destination) {
    if (source == null || from == null) {
      return "PROXY UNKNOWN\r\n";
    }
    return "PROXY "
        + (from instanceof Inet4Address ? "TCP4 " : "TCP6 ")
        + text(from.getAddress())
        + " "
        + text(address(from, destination))
        + " "
        + source.getPort()
        + " "
        + port(destination)
        + "\r\n";
  }

  private static void writeBinary(
      ByteBuf out,
      @Nullable InetSocketAddress source,
      @Nullable InetAddress from,
      @Nullable InetSocketAddress destination) {
    out.writeBytes(SIGNATURE);
    if (source == null || from == null) {
      out.writeByte(VERSION_LOCAL).writeByte(FAMILY_NONE).writeShort(0);
      return;
    }
    byte[] address = from.getAddress();
    out.writeByte(VERSION_PROXY)
        .writeByte(from instanceof Inet4Address ? TCP_4 : TCP_6)
        .writeShort(2 * address.length + PORTS)
        .writeBytes(address)
        .writeBytes(address(from, destination))
        .writeShort(source.getPort())
        .writeShort(port(destination));
  }

  private static byte[] address(InetAddress from, @Nullable InetSocketAddress destination) {
    byte[] wanted = new byte[from.getAddress().length];
    InetAddress to = destination == null ? null : destination.getAddress();
    return to != null && to.getAddress().length == wanted.length ? to.getAddress() : wanted;
  }

  private static int port(@Nullable InetSocketAddress destination) {
    return destination == null ? 0 : destination.getPort();
  }

  private static String text(byte[] address) {
    return NetUtil.bytesToIpAddress(address);
  }
}

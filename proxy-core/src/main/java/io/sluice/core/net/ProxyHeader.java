package io.sluice.core.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands first in a client's pipeline and looks at its first bytes: a PROXY header of version 1 or
 * 2 is taken out of the stream and told, anything else passes untouched; then it leaves. As servers
 * do it, the other side may be greeted before its header comes. Confined to the event loop.
 */
public final class ProxyHeader extends ByteToMessageDecoder {

  /** Who wants to know. */
  public interface Listener {

    /**
     * The first bytes are decided on.
     *
     * @param source the client that the header names; null when there is no header, or one for a
     *     connection of the peer itself
     * @param destination where that client connected to; null with {@code source}
     */
    void onAddress(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination);

    /** The header is broken, or its sender may not send one. */
    void onRefused(String why);
  }

  private static final byte[] TEXT = {'P', 'R', 'O', 'X', 'Y', ' '};
  private static final byte[] BINARY = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };

  /** More than balancers add about the connection, certificates of clients included. */
  private static final int MAX_EXTRAS = 16 * 1024;

  private final Listener listener;
  private final boolean trusted;

  /**
   * For one connection.
   *
   * @param trusted whether its peer may send a header
   */
  public ProxyHeader(Listener listener, boolean trusted) {
    this.listener = listener;
    this.trusted = trusted;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    boolean text = begins(in, TEXT);
    boolean binary = begins(in, BINARY);
    boolean whole = in.readableBytes() >= (text ? TEXT : BINARY).length;
    if ((text || binary) && !whole) {
      return;
    }
    if (!text && !binary) {
      listener.onAddress(null, null);
    } else if (trusted) {
      HAProxyMessageDecoder decoder = new HAProxyMessageDecoder(MAX_EXTRAS);
      context.pipeline().addAfter(context.name(), null, new Receiver());
      context.pipeline().addAfter(context.name(), null, decoder);
    } else {
      in.skipBytes(in.readableBytes());
      listener.onRefused(
          "PROXY header from a peer outside of proxy-protocol-networks (expected: none)");
    }
    context.pipeline().remove(this);
  }

  /** Whether the bytes are the beginning of these, as far as they go. */
  private static boolean begins(ByteBuf in, byte[] wanted) {
    int length = Math.min(in.readableBytes(), wanted.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes what the decoder makes of the header. */
  private final class Receiver extends SimpleChannelInboundHandler<HAProxyMessage> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header)
        throws UnknownHostException {
      AddressFamily family = header.proxiedProtocol().addressFamily();
      boolean named =
          header.command() == HAProxyCommand.PROXY
              && (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6);
      listener.onAddress(
          named ? address(header.sourceAddress(), header.sourcePort()) : null,
          named ? address(header.destinationAddress(), header.destinationPort()) : null);
      context.pipeline().remove(this);
    }

    private InetSocketAddress address(String host, int port) throws UnknownHostException {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      listener.onRefused("PROXY header: " + cause.getMessage());
    }
  }
}

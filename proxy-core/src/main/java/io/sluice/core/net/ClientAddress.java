package io.sluice.core.net;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a client comes from and where it connected to. Immutable.
 *
 * @param source the client
 * @param destination what it connected to; null if that is not known
 */
public record ClientAddress(InetSocketAddress source, @Nullable InetSocketAddress destination) {

  /** That of a channel; null when it has none, as in tests without sockets. */
  public static @Nullable ClientAddress of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress source
        ? new ClientAddress(
            source, channel.localAddress() instanceof InetSocketAddress local ? local : null)
        : null;
  }
}

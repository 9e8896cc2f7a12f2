package io.sluice.core.net;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all channels of the engine have in common. */
public final class Channels {

  /** Above the high mark the other side is not read; below the low mark it is read again. */
  public static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 384 * 1024);

  private Channels() {}

  /** The address of the peer without port; empty when the channel has none. */
  public static String hostOf(Channel channel) {
    return hostOf(channel.remoteAddress());
  }

  /** An address without port; empty when there is none. */
  public static String hostOf(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      int scope = host.indexOf('%');
      return scope < 0 ? host : host.substring(0, scope);
    }
    return "";
  }

  /** Closes a channel by force if nobody has closed it in time: a peer may never read. */
  public static void closeAfter(Channel channel, Duration linger) {
    if (!channel.isOpen()) {
      return;
    }
    try {
      Future<?> timer =
          channel
              .eventLoop()
              .schedule(() -> channel.close(), linger.toMillis(), TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(closed -> timer.cancel(false));
    } catch (RejectedExecutionException e) {
      channel.close();
    }
  }
}

package io.sluice.core.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to servers on a given event loop. Names are resolved without blocking it:
 * literal addresses at once, then the hosts file, then DNS. Thread-safe.
 */
public final class BackendConnector implements AutoCloseable {

  private final EventLoops loops;
  private final Duration timeout;
  private final AddressResolverGroup<InetSocketAddress> resolvers;

  /** Reads the system's resolver configuration, so not for event loops. */
  public BackendConnector(EventLoops loops, Duration timeout) {
    this.loops = loops;
    this.timeout = timeout;
    // Both read files, the first again every few minutes: resolve its answer once, here.
    DnsServerAddressStreamProvider nameServers =
        fixed(DnsServerAddressStreamProviders.platformDefault());
    HostsFileEntriesResolver hosts = HostsFileEntriesResolver.DEFAULT;
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder()
            .datagramChannelType(loops.datagramChannel())
            .socketChannelType(loops.socketChannel())
            .nameServerProvider(nameServers)
            .hostsFileEntriesResolver((name, types) -> known(hosts, name, types));
    // Loading the class reads resolv.conf too.
    try (DnsNameResolver loaded = builder.copy().eventLoop(loops.next()).build()) {
      loaded.isRecursionDesired();
    }
    this.resolvers = new DnsAddressResolverGroup(builder);
  }

  private static DnsServerAddressStreamProvider fixed(DnsServerAddressStreamProvider provider) {
    var addresses = provider.nameServerAddressStream("");
    return name -> addresses.duplicate();
  }

  private static @Nullable InetAddress known(
      HostsFileEntriesResolver hosts, String name, ResolvedAddressTypes types) {
    @Nullable InetAddress address = hosts.address(name, types);
    if (address == null && name.toLowerCase(Locale.ROOT).equals("localhost")) {
      return InetAddress.getLoopbackAddress();
    }
    return address;
  }

  /**
   * Begins to connect. Does not block; closing the future's channel gives up.
   *
   * @param loop where the channel shall live
   * @param head the handler that is in the pipeline from the start
   */
  public ChannelFuture connect(EventLoop loop, String host, int port, ChannelHandler head) {
    return new Bootstrap()
        .group(loop)
        .channel(loops.socketChannel())
        .resolver(resolvers)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Channels.WATER_MARK)
        .handler(head)
        .connect(InetSocketAddress.createUnresolved(host, port));
  }

  /** How long a connection may take. */
  public Duration timeout() {
    return timeout;
  }

  @Override
  public void close() {
    resolvers.close();
  }
}

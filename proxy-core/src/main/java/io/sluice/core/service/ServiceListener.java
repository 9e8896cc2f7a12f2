package io.sluice.core.service;

import io.netty.channel.Channel;
import io.sluice.api.context.ServiceView;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.core.context.ModuleContextImpl;
import io.sluice.core.context.SharedParts;
import io.sluice.core.net.EventLoops;
import io.sluice.core.net.Listener;
import io.sluice.core.net.ProxyNetworks;
import io.sluice.core.session.ClientLimits;
import io.sluice.core.session.ClientSession;
import io.sluice.core.session.SessionEnvironment;
import io.sluice.core.session.SessionHost;
import java.util.function.BiFunction;

/**
 * A listener of a service: the bound address, the protocol that is spoken there. Thread-safe; not
 * for event loops.
 */
public final class ServiceListener {

  private final ListenerSpec spec;
  private final String service;
  private final ClientProtocol protocol;
  private final Listener listener;

  ServiceListener(
      ListenerSpec spec,
      ServiceView service,
      SharedParts shared,
      EventLoops loops,
      SessionEnvironment environment,
      BiFunction<ClientProtocol, ClientLimits, SessionHost> host) {
    this.spec = spec;
    this.service = service.name();
    String unique = service.name() + "-" + spec.name();
    this.protocol =
        spec.protocol().createListener(new Context(shared, unique, service), spec.options());
    SessionHost sessionHost = host.apply(protocol, spec.limits());
    this.listener =
        new Listener(
            unique,
            spec.address(),
            spec.port(),
            loops,
            channel -> accept(channel, new ClientSession(environment, sessionHost, channel)));
  }

  private void accept(Channel channel, ClientSession session) {
    ProxyNetworks networks = spec.proxyNetworks();
    if (!networks.isEmpty()) {
      boolean trusted = networks.contains(channel.remoteAddress());
      channel.pipeline().addLast("sluice-proxy-header", session.proxyHeader(trusted));
    }
    channel.pipeline().addLast("sluice-edge", session.handler());
  }

  /**
   * Binds and begins to accept.
   *
   * @throws io.sluice.core.net.ListenException if the address cannot be bound
   */
  public void start() {
    listener.start();
  }

  /** Takes no more connections; those that it took live on. */
  public void stop() {
    listener.stop();
  }

  void close() {
    listener.stop();
    protocol.close();
  }

  /** Its name, unique within the service. */
  public String name() {
    return spec.name();
  }

  /** The name of the service behind it. */
  public String service() {
    return service;
  }

  /** The name of its protocol module. */
  public String protocol() {
    return spec.protocol().info().name();
  }

  /** The module's part, for diagnostics. */
  public ClientProtocol clientProtocol() {
    return protocol;
  }

  /** What administrators see. */
  public ListenerInfo info() {
    return new ListenerInfo(
        spec.name(),
        service,
        protocol(),
        spec.address(),
        listener.port(),
        listener.state().label(),
        listener.accepted(),
        listener.open(),
        listener.message());
  }

  private static final class Context extends ModuleContextImpl implements ListenerContext {
    private final ServiceView service;

    Context(SharedParts shared, String name, ServiceView service) {
      super(shared, "listeners", name);
      this.service = service;
    }

    @Override
    public ServiceView service() {
      return service;
    }
  }
}

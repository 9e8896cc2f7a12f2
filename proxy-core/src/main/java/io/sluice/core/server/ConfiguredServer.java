package io.sluice.core.server;

import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.server.AdHocServer;
import io.sluice.api.server.Attributes;
import io.sluice.api.server.ServerState;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.session.Seats;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A server with its protocol and its counters: one of the configuration, on the {@link
 * ServerBoard}, or one that a module had made for itself. Thread-safe.
 */
public final class ConfiguredServer implements AdHocServer {

  /** What was attached. */
  private record Wire(ProtocolFactory factory, Settings options, BackendProtocol backend) {}

  private final String name;
  private final String host;
  private final int port;
  private final String protocol;
  private final Attributes attributes = new Attributes();
  private final LongAdder open = new LongAdder();
  private final LongAdder total = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private final PoolCounters poolCounters = new PoolCounters();

  private volatile PoolLimits poolLimits = PoolLimits.NONE;
  private volatile Seats seats = new Seats(0);
  private volatile ServerState state;
  private volatile @Nullable Wire wire;
  private volatile ProxyProtocol proxyProtocol = ProxyProtocol.NONE;

  /** Made by the {@link ServerBoard}. */
  ConfiguredServer(String name, String host, int port, String protocol, ServerState state) {
    this.name = name;
    this.host = host;
    this.port = port;
    this.protocol = protocol;
    this.state = state;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public ServerState state() {
    return state;
  }

  @Override
  public Attributes attributes() {
    return attributes;
  }

  void state(ServerState next) {
    state = next;
  }

  /**
   * Makes its protocol, once, before the first connection.
   *
   * @param factory makes it
   * @param context what the protocol works with
   * @param given the protocol's options
   */
  public void attach(ProtocolFactory factory, BackendProtocolContext context, Settings given) {
    if (wire != null) {
      throw new IllegalStateException("server " + name + ": has its protocol already");
    }
    wire = new Wire(factory, given, factory.createBackend(context, given));
  }

  private Wire wire() {
    @Nullable Wire attached = wire;
    if (attached == null) {
      throw new IllegalStateException("server " + name + ": has no protocol yet");
    }
    return attached;
  }

  /**
   * How to talk to it.
   *
   * @throws IllegalStateException before {@link #attach}
   */
  public BackendProtocol backend() {
    return wire().backend();
  }

  /** A server that is on no board and has no protocol yet, but will get the same as this one. */
  public ConfiguredServer elsewhere(String otherName, String otherHost, int otherPort) {
    ConfiguredServer other = new ConfiguredServer(otherName, otherHost, otherPort, protocol, state);
    other.proxyProtocol = proxyProtocol;
    return other;
  }

  /**
   * What made its protocol.
   *
   * @throws IllegalStateException before {@link #attach}
   */
  public ProtocolFactory factory() {
    return wire().factory();
  }

  @Override
  public Settings options() {
    @Nullable Wire attached = wire;
    return attached == null ? AdHocServer.super.options() : attached.options();
  }

  /** The header that its connections begin with. */
  public ProxyProtocol proxyProtocol() {
    return proxyProtocol;
  }

  /** Sets the header, before the first connection. */
  public void proxyProtocol(ProxyProtocol version) {
    proxyProtocol = version;
  }

  /** Allows so many connections of clients' sessions; 0 for as many as come. Before the first. */
  public void limit(int connections) {
    seats = new Seats(connections);
  }

  /** How many connections of clients' sessions there may be. */
  public Seats seats() {
    return seats;
  }

  /** Counts a connection that was made. */
  public void connectionOpened() {
    open.increment();
    total.increment();
  }

  /** Counts a connection that ended. */
  public void connectionClosed() {
    open.decrement();
  }

  /** Counts a connection that could not be made or broke. */
  public void connectionFailed() {
    failures.increment();
  }

  /** How many idle connections are kept; none unless {@link #pool(PoolLimits)} said otherwise. */
  public PoolLimits poolLimits() {
    return poolLimits;
  }

  /** Has idle connections kept for the next sessions. */
  public ConfiguredServer pool(PoolLimits limits) {
    poolLimits = limits;
    return this;
  }

  /** What happens in its pool. */
  public PoolCounters poolCounters() {
    return poolCounters;
  }

  /** What administrators see. */
  public ServerInfo info() {
    return new ServerInfo(
        name,
        host,
        port,
        protocol,
        state,
        open.sum(),
        total.sum(),
        failures.sum(),
        poolCounters.info(poolLimits));
  }

  /** Closes its protocol. */
  @Override
  public void close() {
    @Nullable Wire attached = wire;
    if (attached != null) {
      attached.backend().close();
    }
  }

  @Override
  public String toString() {
    return name + " (" + host + ":" + port + ")";
  }
}

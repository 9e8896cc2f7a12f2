package io.sluice.core.server;

import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A server of the configuration with its protocol and its counters. Thread-safe. */
public final class ConfiguredServer implements Server {

  private final String name;
  private final String host;
  private final int port;
  private final String protocol;
  private final Attributes attributes = new Attributes();
  private final LongAdder open = new LongAdder();
  private final LongAdder total = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private volatile ServerState state;
  private volatile @Nullable BackendProtocol backend;

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

  /** Gives it its protocol, once, before the first connection. */
  public void attach(BackendProtocol protocolInstance) {
    if (backend != null) {
      throw new IllegalStateException("server " + name + ": has its protocol already");
    }
    backend = protocolInstance;
  }

  /**
   * How to talk to it.
   *
   * @throws IllegalStateException before {@link #attach}
   */
  public BackendProtocol backend() {
    @Nullable BackendProtocol attached = backend;
    if (attached == null) {
      throw new IllegalStateException("server " + name + ": has no protocol yet");
    }
    return attached;
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

  /** What administrators see. */
  public ServerInfo info() {
    return new ServerInfo(
        name, host, port, protocol, state, open.sum(), total.sum(), failures.sum());
  }

  /** Closes its protocol. */
  public void close() {
    @Nullable BackendProtocol attached = backend;
    if (attached != null) {
      attached.close();
    }
  }

  @Override
  public String toString() {
    return name + " (" + host + ":" + port + ")";
  }
}

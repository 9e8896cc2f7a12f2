package io.sluice.api.protocol;

/** The client role of a protocol for one server. Thread-safe. */
public interface BackendProtocol extends AutoCloseable {

  /** Makes a connection. On the event loop of the session; must not block. */
  BackendConnection newConnection(BackendContext context);

  /** Called once, after the last connection. */
  @Override
  void close();
}

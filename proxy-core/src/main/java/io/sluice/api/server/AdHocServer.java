package io.sluice.api.server;

/**
 * A server that is not in the configuration, for a module that was told at run time where to go.
 * Listed nowhere and watched by nobody. Whoever had it made closes it, after the last connection.
 * Thread-safe.
 */
public interface AdHocServer extends Server, AutoCloseable {

  /** Frees what its protocol holds. */
  @Override
  void close();
}

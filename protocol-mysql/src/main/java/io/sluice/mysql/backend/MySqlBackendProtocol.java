package io.sluice.mysql.backend;

import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;

/** The client role for one server: makes its connections. Thread-safe. */
public final class MySqlBackendProtocol implements BackendProtocol {

  private final BackendTls tls;

  /**
   * Reads certificate files.
   *
   * @throws io.sluice.api.config.InvalidConfigException if one cannot be used
   */
  public MySqlBackendProtocol(BackendProtocolContext context, Settings settings) {
    this.tls = BackendTls.of(settings, context.server());
  }

  @Override
  public BackendConnection newConnection(BackendContext context) {
    return new MySqlBackendConnection(context, tls);
  }

  @Override
  public void close() {
    // Connections are closed by their sessions; nothing else is held.
  }
}

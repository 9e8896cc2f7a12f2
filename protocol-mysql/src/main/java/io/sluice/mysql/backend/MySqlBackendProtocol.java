package io.sluice.mysql.backend;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.session.Identity;
import io.sluice.mysql.auth.ServerKey;
import io.sluice.mysql.compression.Compression;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client role for one server: makes its connections. Thread-safe. */
public final class MySqlBackendProtocol implements BackendProtocol {

  private final BackendTls tls;
  private final ServerKey serverKey;
  private final BackendProtocolContext context;
  private final @Nullable Compression compression;

  /**
   * Reads certificate and key files.
   *
   * @throws io.sluice.api.config.InvalidConfigException if one cannot be used
   */
  public MySqlBackendProtocol(BackendProtocolContext context, Settings settings) {
    this.context = context;
    this.tls = BackendTls.of(context, settings);
    this.serverKey = serverKey(settings);
    this.compression = compression(settings);
  }

  private static @Nullable Compression compression(Settings settings) {
    Compression.Method method =
        switch (settings.get(ServerSettings.COMPRESSION)) {
          case NONE -> null;
          case ZLIB -> Compression.Method.ZLIB;
          case ZSTD -> Compression.Method.ZSTD;
        };
    if (method == null) {
      return null;
    }
    if (!method.isAvailable()) {
      throw new InvalidConfigException(
          ServerSettings.COMPRESSION.name(),
          "zstd: this machine has no library for it (expected: none or zlib)");
    }
    return method.at(settings.get(ServerSettings.COMPRESSION_LEVEL));
  }

  private static ServerKey serverKey(Settings settings) {
    Optional<String> file = settings.find(ServerSettings.SERVER_PUBLIC_KEY_FILE);
    if (file.isEmpty()) {
      return settings.get(ServerSettings.GET_SERVER_PUBLIC_KEY) ? ServerKey.SENT : ServerKey.NONE;
    }
    try {
      return ServerKey.of(Path.of(file.get()));
    } catch (IOException | InvalidPathException e) {
      throw new InvalidConfigException(
          ServerSettings.SERVER_PUBLIC_KEY_FILE.name(),
          "cannot be used: " + e.getMessage() + " (expected: a PEM file with an RSA public key)");
    }
  }

  @Override
  public BackendConnection newConnection(BackendContext connection) {
    return new MySqlBackendConnection(
        connection,
        tls,
        serverKey,
        context::internalClients,
        context.blockingExecutor(),
        compression);
  }

  @Override
  public @Nullable Object poolKey(Identity identity) {
    return PoolKey.of(identity);
  }

  @Override
  public void close() {
    // Connections are closed by their sessions.
    tls.close();
  }
}

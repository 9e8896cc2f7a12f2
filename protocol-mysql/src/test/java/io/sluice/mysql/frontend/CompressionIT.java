package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients and a MariaDB server, each compressed or not whatever the other does. */
class CompressionIT {

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().option("max_allowed_packet", "64M").start();
    server.createUser("app", "apppw", "ALL ON *.*");
    server.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT, b LONGTEXT)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private ProxyUnderTest proxy(ServerSettings.CompressionMode towardsServer) {
    return new ProxyUnderTest(
        directory,
        server,
        Settings.defaults(ServerSettings.SPEC)
            .with(ServerSettings.TLS, TlsMode.DISABLE)
            .with(ServerSettings.COMPRESSION, towardsServer),
        null,
        "users = [{ name = app, password = apppw }]");
  }

  @ParameterizedTest
  @CsvSource({"true, NONE", "false, ZLIB", "true, ZLIB", "true, ZSTD"})
  void shouldCarryWhatDriversDo(boolean compressed, ServerSettings.CompressionMode towardsServer)
      throws Exception {
    try (ProxyUnderTest proxy = proxy(towardsServer)) {
      new CompressedTraffic(
              proxy.mariaDb(
                  "app",
                  "apppw",
                  "useCompression=" + compressed,
                  "allowLocalInfile=true",
                  "allowMultiQueries=true",
                  "useServerPrepStmts=true"))
          .run(directory);
      new CompressedTraffic(
              proxy.mySql(
                  "app",
                  "apppw",
                  "sslMode=DISABLED",
                  "useCompression=" + compressed,
                  "allowLoadLocalInfile=true",
                  "allowMultiQueries=true",
                  "useServerPrepStmts=true"))
          .run(directory);
      // It checks what drivers do not: the number of each frame or packet.
      assertThat(client(proxy, compressed)).isEqualTo(CompressedTraffic.SCRIPT_RESULT);
      try (Connection connection = proxy.mariaDb("app", "apppw");
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Compression'")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(2))
            .isEqualTo(towardsServer == ServerSettings.CompressionMode.ZLIB ? "ON" : "OFF");
      }
    }
  }

  private String client(ProxyUnderTest proxy, boolean compressed) throws Exception {
    Path file = directory.resolve("script.txt");
    Files.writeString(file, CompressedTraffic.fileOfScript());
    return CompressedTraffic.tool(
        server,
        "mariadb",
        proxy.port(),
        CompressedTraffic.script(file),
        compressed ? "--compress" : "--skip-compress",
        "--local-infile=1",
        "--skip-ssl");
  }
}

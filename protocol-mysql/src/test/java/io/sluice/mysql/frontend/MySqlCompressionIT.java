package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
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

/** Clients and a server of MySQL 9.7, which have zstd too. */
@RequiresServer("mysql-9.7")
class MySqlCompressionIT {

  private static MySqlServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server =
        MySqlServer.builder("mysql-9.7")
            .option("local-infile", "1")
            .option("max-allowed-packet", "64M")
            .start();
    server.createUserWith("caching_sha2_password", "app", "apppw", "ALL ON *.*");
    server.execute("CREATE DATABASE d");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"zstd, NONE", "uncompressed, ZSTD", "zstd, ZLIB", "zlib, ZSTD"})
  void shouldCarryWhatClientsDo(String algorithm, ServerSettings.CompressionMode towardsServer)
      throws Exception {
    Settings settings =
        Settings.defaults(ServerSettings.SPEC)
            .with(ServerSettings.TLS, TlsMode.REQUIRE)
            .with(ServerSettings.COMPRESSION, towardsServer);
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(
            directory,
            server,
            settings,
            null,
            "users = [{ name = app, password = apppw, plugin = caching_sha2_password }]")) {
      Path file = directory.resolve("script.txt");
      Files.writeString(file, CompressedTraffic.fileOfScript());
      assertThat(
              CompressedTraffic.tool(
                  server,
                  "mysql",
                  proxy.port(),
                  CompressedTraffic.script(file),
                  "--compression-algorithms=" + algorithm,
                  "--zstd-compression-level=5",
                  "--local-infile=1"))
          .endsWith(CompressedTraffic.SCRIPT_RESULT);
      new CompressedTraffic(
              proxy.mySql(
                  "app",
                  "apppw",
                  "useCompression=" + algorithm.equals("zlib"),
                  "allowLoadLocalInfile=true",
                  "allowMultiQueries=true",
                  "useServerPrepStmts=true"))
          .run(directory);
      try (Connection connection = proxy.mySql("app", "apppw");
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SHOW SESSION STATUS LIKE 'Compression_algorithm'")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(2))
            .isEqualTo(
                towardsServer == ServerSettings.CompressionMode.NONE
                    ? ""
                    : towardsServer.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
  }
}

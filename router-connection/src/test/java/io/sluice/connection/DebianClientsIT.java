package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that share no code with ours: PHP's mysqlnd, Python's PyMySQL and mysqlclient, and the
 * programs in C of MariaDB, from Debian's packages. What they print is the same direct and proxied.
 */
@RequiresServer("clients")
class DebianClientsIT {

  /** Of PHP: TLS that does not look at the certificate. */
  private static final int PHP_TLS = 2048 + 64;

  /** Of PHP: zlib. */
  private static final int PHP_COMPRESS = 32;

  @TempDir static Path directory;

  private static MariaDbServer server;
  private static Through proxy;
  private static ServerInstallation clients;

  @BeforeAll
  static void start() throws IOException {
    clients = ServerInstallation.find("clients").orElseThrow();
    server = MariaDbServer.builder().start();
    Through.accounts(server);
    server.execute(
        "CREATE DATABASE d",
        "CREATE DATABASE dumped",
        "CREATE TABLE dumped.t (id INT PRIMARY KEY, b LONGBLOB, t LONGTEXT)",
        "INSERT INTO dumped.t SELECT seq, REPEAT(CHAR(seq % 256), seq), REPEAT('ü', seq % 999)"
            + " FROM dumped.seq_1_to_3000");
    proxy = new Through(directory.resolve("data"), server, Through.By.CONNECTION, "");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      rows.append(i).append("\tv").append(i % 100).append('\n');
    }
    Files.writeString(file(), rows);
    for (String script : List.of("session.php", "session.py")) {
      try (InputStream in =
          Objects.requireNonNull(DebianClientsIT.class.getResourceAsStream(script))) {
        Files.copy(in, directory.resolve(script), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @AfterAll
  static void stop() {
    proxy.close();
    server.close();
  }

  private static Path file() {
    return directory.resolve("loaded.txt");
  }

  /** Runs a program and returns all that it prints; it must end with code 0. */
  private static String run(String program, Map<String, String> environment, List<String> arguments)
      throws Exception {
    server.execute("DROP DATABASE d", "CREATE DATABASE d");
    ProcessBuilder builder =
        clients.command(clients.base().resolve("usr/bin").resolve(program), arguments);
    builder.environment().putAll(environment);
    Path output = Files.createTempFile(directory, program, ".out");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(180, TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(ended).as(program + " has ended: " + printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private static String php(int port, int flags) throws Exception {
    Path extensions;
    try (Stream<Path> found = Files.list(clients.base().resolve("usr/lib/php"))) {
      extensions =
          found
              .filter(path -> path.getFileName().toString().startsWith("20"))
              .findFirst()
              .orElseThrow();
    }
    return run(
        "php8.2",
        Map.of(),
        List.of(
            "-n",
            "-d",
            "extension_dir=" + extensions,
            "-d",
            "extension=mysqlnd",
            "-d",
            "extension=mysqli",
            "-d",
            "mysqli.allow_local_infile=1",
            "-d",
            "memory_limit=512M",
            directory.resolve("session.php").toString(),
            String.valueOf(port),
            file().toString(),
            String.valueOf(flags)));
  }

  private static String python(int port, String module, String tls) throws Exception {
    return run(
        "python3.11",
        Map.of(
            "PYTHONHOME",
            clients.base().resolve("usr").toString(),
            "PYTHONPATH",
            clients.base().resolve("usr/lib/python3/dist-packages").toString(),
            "PYTHONIOENCODING",
            "utf-8",
            "PYTHONDONTWRITEBYTECODE",
            "1"),
        List.of(
            directory.resolve("session.py").toString(),
            module,
            String.valueOf(port),
            file().toString(),
            tls));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PHP_TLS, PHP_COMPRESS})
  void shouldTellPhpTheSame(int flags) throws Exception {
    String direct = php(server.port(), 0);
    assertThat(php(proxy.port(), flags)).isEqualTo(direct).endsWith("php is done\n");
  }

  @ParameterizedTest
  @CsvSource({"pymysql, plain", "pymysql, tls", "MySQLdb, plain", "MySQLdb, tls"})
  void shouldTellPythonTheSame(String module, String tls) throws Exception {
    String direct = python(server.port(), module, "plain");
    assertThat(python(proxy.port(), module, tls)).isEqualTo(direct).endsWith(module + " is done\n");
  }

  private static String program(String name, int port, String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--protocol=tcp",
                "--port=" + port,
                "--user=app",
                "--password=apppw"));
    all.addAll(Arrays.asList(arguments));
    return run(name, Map.of(), all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--skip-ssl", "--ssl", "--compress"})
  void shouldDumpTheSame(String tls) throws Exception {
    String[] what = {"--skip-dump-date", "--single-transaction", "--routines", "dumped"};
    String direct = program("mariadb-dump", server.port(), what);
    String[] proxied = Arrays.copyOf(what, what.length + 1);
    System.arraycopy(what, 0, proxied, 1, what.length);
    proxied[0] = tls;
    assertThat(program("mariadb-dump", proxy.port(), proxied))
        .isEqualTo(direct)
        .contains("INSERT INTO `t`");
  }

  @Test
  void shouldImportFiles() throws Exception {
    server.execute("CREATE TABLE dumped.loaded (a INT PRIMARY KEY, b VARCHAR(20))");
    assertThat(program("mariadb-import", proxy.port(), "--local", "dumped", file().toString()))
        .contains("Records: 20000");
    assertThat(server.queryString("SELECT SUM(a) FROM dumped.loaded")).isEqualTo("199990000");
    server.execute("DROP TABLE dumped.loaded");
  }

  @Test
  void shouldCarryManyClientsAtOnce() throws Exception {
    String printed =
        program(
            "mariadb-slap",
            proxy.port(),
            "--concurrency=10",
            "--number-of-queries=300",
            "--auto-generate-sql",
            "--auto-generate-sql-load-type=mixed",
            "--detach=10");
    assertThat(printed).contains("Number of clients running queries: 10");
  }

  @Test
  void shouldAnswerTheCommandLine() throws Exception {
    String[] what = {
      "--table",
      "--column-type-info",
      "--force",
      "--comments",
      "--execute=SELECT 1 AS a, 'x' b; SHOW DATABASES; SELECT * FROM nowhere.t; SELECT NOW() > 0;"
          + " SHOW WARNINGS; SELECT 2 FROM d.nothing"
    };
    assertThat(commandLine(proxy.port(), what)).isEqualTo(commandLine(server.port(), what));
  }

  /** It ends with a code of its own when a statement fails. */
  private static String commandLine(int port, String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--port=" + port,
                "--user=app",
                "--password=apppw"));
    all.addAll(Arrays.asList(arguments));
    Process process =
        clients
            .command(clients.base().resolve("usr/bin/mariadb"), all)
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).as(printed).isEqualTo(1);
    return printed;
  }
}

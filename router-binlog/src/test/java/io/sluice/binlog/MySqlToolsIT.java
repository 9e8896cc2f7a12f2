package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MySQL's own programs, of 9.7, run against a relay and against the source behind it. */
@RequiresServer("mysql-9.7")
class MySqlToolsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Where a format description says that its file is still being written. */
  private static final int FLAGS = 4 + 17;

  @TempDir static Path data;

  private static MySqlServer source;
  private static RelayHarness relay;

  /** What a program that came to its end left. */
  private record Run(int status, String out, String err) {
    Run succeeded() {
      assertThat(status).as(err).isZero();
      return this;
    }
  }

  @BeforeAll
  static void startAll() {
    source = MySqlServer.builder("mysql-9.7").gtid().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(source);
    source.execute("GRANT RELOAD, PROCESS, SELECT ON *.* TO " + RelayHarness.USER);
    source.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "INSERT INTO d.t (v) VALUES ('three')",
        "SET binlog_transaction_compression = ON",
        "UPDATE d.t SET v = 'drei' WHERE v = 'three'",
        "SET binlog_transaction_compression = OFF",
        "SET gtid_next = 'AUTOMATIC:tagged'",
        "INSERT INTO d.t (v) VALUES ('four')",
        "SET gtid_next = 'AUTOMATIC'",
        "FLUSH BINARY LOGS",
        "DELETE FROM d.t WHERE v = 'two'");
    relay = RelayHarness.start(data.resolve("relay"), source);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    source.close();
  }

  @BeforeEach
  void awaitStored() {
    relay.awaitEnd(source);
  }

  /** Prepares a program that talks to a port. */
  private static ProcessBuilder command(String program, int port, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--protocol=TCP",
                "--port=" + port,
                "--user=" + RelayHarness.USER,
                "--password=" + RelayHarness.PASSWORD,
                "--get-server-public-key"));
    all.addAll(arguments);
    ServerInstallation installation = source.installation();
    return installation.command(installation.tool(program).orElseThrow(), all);
  }

  private static Run run(String program, int port, String... arguments) throws Exception {
    Path directory = Files.createTempDirectory(data, "run");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        command(program, port, List.of(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .as("%s %s ends; so far: %s", program, List.of(arguments), Files.readString(err))
          .isTrue();
      return new Run(
          process.exitValue(),
          Files.readString(out, StandardCharsets.ISO_8859_1),
          Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs a program against both; whatever the source lets it do, the relay lets it do. */
  private static Run both(String program, String... arguments) throws Exception {
    Run expected = run(program, source.port(), arguments);
    Run answered = run(program, relay.port(), arguments);
    assertThat(answered.out).as("%s %s", program, List.of(arguments)).isEqualTo(expected.out);
    assertThat(answered.err).isEqualTo(expected.err);
    assertThat(answered.status).isEqualTo(expected.status);
    return answered;
  }

  private static Run admin(int port, String... arguments) throws Exception {
    return run("mysqladmin", port, arguments).succeeded();
  }

  private static Map<String, String> table(String output) {
    Map<String, String> rows = new TreeMap<>();
    for (String line : output.split("\n")) {
      String[] cells = line.split("\\|", 3);
      if (cells.length == 3) {
        rows.put(cells[1].strip(), cells[2].replaceAll("\\|$", "").strip());
      }
    }
    return rows;
  }

  private static Map<String, byte[]> filesIn(Path directory) throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        bytes[FLAGS] &= ~1;
        files.put(path.getFileName().toString(), bytes);
      }
    }
    return files;
  }

  @Test
  void shouldAnswerTheCommandLineClientAsTheSourceDoes() throws Exception {
    Run run =
        both(
            "mysql",
            "--batch",
            "-e",
            "SELECT @@server_id AS id, VERSION(), @@server_uuid; SHOW BINARY LOG STATUS;"
                + " SHOW BINARY LOGS; SELECT @@global.gtid_executed, @@global.gtid_purged;"
                + " SHOW BINLOG EVENTS IN 'm-bin.000001'; SHOW WARNINGS");
    assertThat(run.succeeded().out).contains("m-bin.000003", ":tagged:1", "Previous_gtids");
  }

  @Test
  void shouldFailTheCommandLineClientWithTheErrorOfTheRelay() throws Exception {
    Run run = run("mysql", relay.port(), "--batch", "-e", "SELECT 1; SELECT * FROM d.t");
    assertThat(run.status).isEqualTo(1);
    assertThat(run.out).isEqualTo("1\n1\n");
    assertThat(run.err).contains("ERROR 1235 (42000)");
  }

  @Test
  void shouldLetInAClientThatNamesADatabase() throws Exception {
    assertThat(both("mysql", "--database=d", "-e", "SELECT 1").succeeded().out).isEqualTo("1\n1\n");
    Run run = run("mysql", relay.port(), "--database=d", "-e", "SELECT * FROM t");
    assertThat(run.status).isEqualTo(1);
    assertThat(run.err).contains("ERROR 1235 (42000)");
  }

  @Test
  void shouldAnswerTheAdministrationProgram() throws Exception {
    assertThat(admin(relay.port(), "ping").out).isEqualTo("mysqld is alive\n");
    assertThat(admin(relay.port(), "status").out)
        .matches("(?s)Uptime: \\d+ +Threads: \\d+ +Questions: \\d+ .*");
    assertThat(admin(relay.port(), "processlist").out)
        .contains("| " + RelayHarness.USER, "| Query", "show processlist");
    assertThat(admin(relay.port(), "version").out)
        .containsPattern("Server version\\s+" + source.version())
        .containsPattern("Protocol version\\s+10\n");
    assertThat(table(admin(relay.port(), "extended-status").out))
        .containsKeys("Uptime", "Threads_connected", "Questions");
  }

  @Test
  void shouldShowTheSourcesVariablesToTheAdministrationProgram() throws Exception {
    Map<String, String> expected = table(admin(source.port(), "variables").out);
    Map<String, String> answered = table(admin(relay.port(), "variables").out);
    assertThat(answered.keySet()).containsAll(expected.keySet());
    for (String name : List.of("server_id", "server_uuid", "version", "gtid_mode", "datadir")) {
      assertThat(answered.get(name)).as(name).isEqualTo(expected.get(name)).isNotNull();
    }
  }

  @Test
  void shouldPrintTheLogAsTheSourceDoes() throws Exception {
    Run run =
        both(
            "mysqlbinlog",
            "--read-from-remote-server",
            "--to-last-log",
            "--verbose",
            "m-bin.000001");
    assertThat(run.succeeded().out)
        .contains(
            "### DELETE FROM `d`.`t`", "CREATE DATABASE d", ":tagged:1", "compression_type=ZSTD");
    both("mysqlbinlog", "--read-from-remote-server", "--start-position=158", "m-bin.000001");
    both(
        "mysqlbinlog",
        "--read-from-remote-server",
        "--start-position=4",
        "--stop-position=400",
        "m-bin.000002");
  }

  @Test
  void shouldPrintTheLogWithoutGtidsAsTheSourceDoes() throws Exception {
    String executed = source.gtidExecuted();
    String uuid = source.serverUuid();
    for (String excluded : List.of("", uuid + ":1-2", uuid + ":tagged:1", executed)) {
      for (String file : List.of("m-bin.000001", "m-bin.000002")) {
        List<String> arguments =
            new ArrayList<>(
                List.of("--read-from-remote-source=BINLOG-DUMP-GTIDS", "--to-last-log", file));
        if (!excluded.isEmpty()) {
          arguments.add(0, "--exclude-gtids=" + excluded);
        }
        both("mysqlbinlog", arguments.toArray(String[]::new));
      }
    }
    assertThat(executed).contains(uuid, "tagged");
  }

  @Test
  void shouldRefuseTheDumpProgramAsTheSourceDoes() throws Exception {
    Run run = both("mysqlbinlog", "--read-from-remote-server", "m-bin.000099");
    assertThat(run.status).isNotZero();
    assertThat(run.err).contains("Could not find first log file");
  }

  @Test
  void shouldCopyTheFilesByteForByte() throws Exception {
    for (String how :
        List.of("--read-from-remote-server", "--read-from-remote-source=BINLOG-DUMP-GTIDS")) {
      Path copies = Files.createTempDirectory(data, "raw");
      run(
              "mysqlbinlog",
              relay.port(),
              how,
              "--raw",
              "--to-last-log",
              "--result-file=" + copies + "/",
              "m-bin.000001")
          .succeeded();
      Map<String, byte[]> files = filesIn(copies);
      assertThat(files).containsOnlyKeys("m-bin.000001", "m-bin.000002", "m-bin.000003");
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] whole = Files.readAllBytes(source.binlogPath(file.getKey()));
        whole[FLAGS] &= ~1;
        assertThat(file.getValue()).as(how + " " + file.getKey()).isEqualTo(whole);
      }
    }
  }

  @Test
  void shouldKeepCopyingWhatIsWrittenLater() throws Exception {
    Path copies = Files.createTempDirectory(data, "never");
    Process process =
        command(
                "mysqlbinlog",
                relay.port(),
                List.of(
                    "--read-from-remote-server",
                    "--raw",
                    "--stop-never",
                    "--connection-server-id=77",
                    "--result-file=" + copies + "/",
                    "m-bin.000003"))
            .redirectErrorStream(true)
            .redirectOutput(copies.resolveSibling("never.log").toFile())
            .start();
    try {
      Await.until(
          "the program reads the log", LIMIT, () -> Files.exists(copies.resolve("m-bin.000003")));
      source.execute(
          "CREATE DATABASE later",
          "CREATE TABLE later.t (v TEXT)",
          "INSERT INTO later.t (v) VALUES ('written later')",
          "DROP DATABASE later");
      long length = Files.size(source.binlogPath("m-bin.000003"));
      Await.until(
          "the copy is whole", LIMIT, () -> Files.size(copies.resolve("m-bin.000003")) == length);
      assertThat(process.isAlive()).isTrue();
      byte[] copied = Files.readAllBytes(copies.resolve("m-bin.000003"));
      byte[] whole = Files.readAllBytes(source.binlogPath("m-bin.000003"));
      copied[FLAGS] &= ~1;
      whole[FLAGS] &= ~1;
      assertThat(copied).isEqualTo(whole);
      assertThat(new String(whole, StandardCharsets.ISO_8859_1)).contains("written later");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldRefuseABackupThatNeedsTheLogToStandStill() throws Exception {
    Run run =
        run(
            "mysqldump",
            relay.port(),
            "--all-databases",
            "--single-transaction",
            "--source-data=2");
    assertThat(run.status).isEqualTo(2);
    assertThat(run.err).contains("doesn't support FLUSH TABLES WITH READ LOCK (1235)");
  }

  @Test
  void shouldLetTheBackupProgramFindNothing() throws Exception {
    Run run = run("mysqldump", relay.port(), "--all-databases", "--set-gtid-purged=OFF");
    assertThat(run.succeeded().out)
        .contains("-- Server version\t" + source.version(), "-- Dump completed")
        .doesNotContain("CREATE");
  }
}

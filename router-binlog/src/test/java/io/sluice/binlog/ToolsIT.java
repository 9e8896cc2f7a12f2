package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB's own programs, run against a relay and against the master behind it. */
class ToolsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Where a format description says that its file is still being written. */
  private static final int FLAGS = 4 + 17;

  @TempDir static Path data;

  private static MariaDbServer master;
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
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.execute(
        "CREATE DATABASE d",
        "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)",
        "INSERT INTO d.t (v) VALUES ('one'), ('two')",
        "FLUSH BINARY LOGS",
        "SET binlog_format = 'ROW'",
        "INSERT INTO d.t (v) VALUES ('three')",
        "UPDATE d.t SET v = 'drei' WHERE v = 'three'",
        "FLUSH BINARY LOGS",
        "DELETE FROM d.t WHERE v = 'two'");
    relay = RelayHarness.start(data.resolve("relay"), master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  @BeforeEach
  void awaitStored() {
    relay.awaitSameEnd(master);
  }

  private static ServerInstallation recent() {
    return ServerInstallation.find("mariadb-11.8").orElseThrow();
  }

  /** Prepares a program that talks to a port. */
  private static ProcessBuilder command(
      ServerInstallation installation, String program, int port, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--no-defaults",
                "--host=127.0.0.1",
                "--protocol=TCP",
                "--port=" + port,
                "--user=" + RelayHarness.USER,
                "--password=" + RelayHarness.PASSWORD,
                "--skip-ssl"));
    all.addAll(arguments);
    return installation.command(installation.tool(program).orElseThrow(), all);
  }

  private static Run run(
      ServerInstallation installation, String program, int port, String... arguments)
      throws Exception {
    Path directory = Files.createTempDirectory(data, "run");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        command(installation, program, port, List.of(arguments))
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

  private static Run admin(int port, String... arguments) throws Exception {
    return run(recent(), "mariadb-admin", port, arguments).succeeded();
  }

  private static Run binlog(int port, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--read-from-remote-server"));
    all.addAll(List.of(arguments));
    return run(recent(), "mariadb-binlog", port, all.toArray(String[]::new)).succeeded();
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
  void shouldAnswerTheCommandLineClientAsTheMasterDoes() throws Exception {
    String[] arguments = {
      "--batch",
      "-e",
      "SELECT @@server_id AS id, VERSION(); SHOW MASTER STATUS; SHOW BINARY LOGS;"
          + " SHOW BINLOG EVENTS IN 'm-bin.000002'\\G SHOW WARNINGS"
    };
    ServerInstallation embedded = ServerInstallation.embedded();
    Run expected = run(embedded, "mariadb", master.port(), arguments).succeeded();
    Run answered = run(embedded, "mariadb", relay.port(), arguments).succeeded();
    assertThat(expected.out).contains("m-bin.000003", "Event_type: Annotate_rows");
    assertThat(answered.out).isEqualTo(expected.out);
    assertThat(answered.err).isEqualTo(expected.err);
  }

  @Test
  void shouldFailTheCommandLineClientWithTheErrorOfTheRelay() throws Exception {
    Run run =
        run(
            ServerInstallation.embedded(),
            "mariadb",
            relay.port(),
            "--batch",
            "-e",
            "SELECT 1; SELECT * FROM d.t");
    assertThat(run.status).isEqualTo(1);
    assertThat(run.out).isEqualTo("1\n1\n");
    assertThat(run.err).contains("ERROR 1235 (42000)");
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldAnswerTheAdministrationProgram() throws Exception {
    assertThat(admin(relay.port(), "ping").out).isEqualTo("mysqld is alive\n");
    assertThat(admin(relay.port(), "status").out).matches("(?s)Uptime: \\d+ +Threads: \\d+ .*");
    assertThat(admin(relay.port(), "processlist").out)
        .contains("| " + RelayHarness.USER, "| Query", "show processlist");
    assertThat(admin(relay.port(), "version").out)
        .containsPattern("Server version\\s+" + master.version())
        .containsPattern("Protocol version\\s+10\n");
    assertThat(table(admin(relay.port(), "extended-status").out))
        .containsKeys("Uptime", "Threads_connected", "Slaves_connected");
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldShowTheMastersVariablesToTheAdministrationProgram() throws Exception {
    Map<String, String> expected = table(admin(master.port(), "variables").out);
    Map<String, String> answered = table(admin(relay.port(), "variables").out);
    assertThat(answered.keySet()).containsAll(expected.keySet());
    for (String name : List.of("server_id", "version", "log_bin", "gtid_binlog_pos", "datadir")) {
      assertThat(answered.get(name)).as(name).isEqualTo(expected.get(name)).isNotNull();
    }
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldPrintTheLogAsTheMasterDoes() throws Exception {
    String[] arguments = {"--to-last-log", "--verbose", "m-bin.000001"};
    String expected = binlog(master.port(), arguments).out;
    assertThat(expected).contains("### DELETE FROM `d`.`t`", "CREATE DATABASE d", "DELIMITER");
    assertThat(binlog(relay.port(), arguments).out).isEqualTo(expected);
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldPrintFromGtidsAndPositionsAsTheMasterDoes() throws Exception {
    for (String[] arguments :
        List.of(
            new String[] {"--start-position=256", "m-bin.000001"},
            new String[] {"--start-position=4", "--stop-position=400", "m-bin.000002"})) {
      String expected = binlog(master.port(), arguments).out;
      assertThat(expected).contains("SET @@session.server_id=1");
      assertThat(binlog(relay.port(), arguments).out)
          .as(List.of(arguments).toString())
          .isEqualTo(expected);
    }
    String gtid = master.queryString("SELECT BINLOG_GTID_POS('m-bin.000002', 4)");
    for (String file : List.of("m-bin.000001", "m-bin.000002")) {
      // The program itself judges whether the files fit the position, by what it is sent.
      String[] arguments = {
        "--read-from-remote-server", "--start-position=" + gtid, "--to-last-log", file
      };
      Run expected = run(recent(), "mariadb-binlog", master.port(), arguments);
      Run answered = run(recent(), "mariadb-binlog", relay.port(), arguments);
      assertThat(answered.out).as(file).isEqualTo(expected.out);
      assertThat(answered.err).as(file).isEqualTo(expected.err);
      assertThat(answered.status).as(file).isEqualTo(expected.status);
    }
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldRefuseTheDumpProgramAsTheMasterDoes() throws Exception {
    String[] arguments = {"--read-from-remote-server", "m-bin.000099"};
    Run expected = run(recent(), "mariadb-binlog", master.port(), arguments);
    Run answered = run(recent(), "mariadb-binlog", relay.port(), arguments);
    assertThat(expected.status).isNotZero();
    assertThat(answered.status).isEqualTo(expected.status);
    assertThat(answered.err).isEqualTo(expected.err).contains("Could not find first log file");
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldCopyTheFilesByteForByte() throws Exception {
    Path direct = Files.createTempDirectory(data, "master");
    Path relayed = Files.createTempDirectory(data, "relayed");
    binlog(
        master.port(), "--raw", "--to-last-log", "--result-file=" + direct + "/", "m-bin.000001");
    binlog(
        relay.port(), "--raw", "--to-last-log", "--result-file=" + relayed + "/", "m-bin.000001");
    Map<String, byte[]> files = filesIn(relayed);
    assertThat(files).containsKeys("m-bin.000001", "m-bin.000002", "m-bin.000003");
    assertThat(files).containsExactlyInAnyOrderEntriesOf(filesIn(direct));
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldKeepCopyingWhatIsWrittenLater() throws Exception {
    Path copies = Files.createTempDirectory(data, "never");
    Process process =
        command(
                recent(),
                "mariadb-binlog",
                relay.port(),
                List.of(
                    "--read-from-remote-server",
                    "--raw",
                    "--stop-never",
                    "--stop-never-slave-server-id=77",
                    "--result-file=" + copies + "/",
                    "m-bin.000003"))
            .redirectErrorStream(true)
            .redirectOutput(copies.resolveSibling("never.log").toFile())
            .start();
    try {
      Await.until(
          "the program reads the log", LIMIT, () -> Files.exists(copies.resolve("m-bin.000003")));
      master.execute("INSERT INTO d.t (v) VALUES ('written later')", "FLUSH BINARY LOGS");
      byte[] whole = Files.readAllBytes(master.binlogPath("m-bin.000003"));
      Await.until(
          "the copy is whole",
          LIMIT,
          () -> {
            byte[] copied = Files.readAllBytes(copies.resolve("m-bin.000003"));
            return copied.length == whole.length;
          });
      assertThat(process.isAlive()).isTrue();
      byte[] copied = Files.readAllBytes(copies.resolve("m-bin.000003"));
      copied[FLAGS] &= ~1;
      whole[FLAGS] &= ~1;
      assertThat(copied).isEqualTo(whole);
      assertThat(new String(whole, StandardCharsets.ISO_8859_1)).contains("written later");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldTellTheBackupProgramItsPosition() throws Exception {
    Run run =
        run(
            ServerInstallation.embedded(),
            "mariadb-dump",
            relay.port(),
            "--all-databases",
            "--no-tablespaces",
            "--single-transaction",
            "--master-data=2");
    List<String> status = master.queryRow("SHOW MASTER STATUS");
    assertThat(run.succeeded().out)
        .contains(
            "CHANGE MASTER TO MASTER_LOG_FILE='"
                + status.get(0)
                + "', MASTER_LOG_POS="
                + status.get(1));
    assertThat(
            run.out.lines().filter(line -> line.startsWith("CREATE")).collect(Collectors.toList()))
        .isEmpty();
  }
}

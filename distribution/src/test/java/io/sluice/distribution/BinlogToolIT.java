package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/sluice-binlog} on the store of a Sluice that runs, under load and with rotations. */
class BinlogToolIT {
  @TempDir Path directory;

  private SluiceProcess relay(DatabaseServer master, String serverOptions) {
    master.createUser("sluice", "secret", "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
    master.execute("GRANT SELECT ON mysql.* TO 'sluice'@'%'");
    return new SluiceProcess(
            directory,
            """
              servers { master { address = "127.0.0.1", port = %d, options { tls = disable%s } } }
              services {
                relay {
                  router = binlog, servers = [master], user = sluice, password = secret
                  options { server-id = 4711 }
                  listeners { relay { address = "127.0.0.1", port = %d } }
                }
              }
            """
                .formatted(master.port(), serverOptions, Ports.free()))
        .start();
  }

  @Test
  void shouldAgreeWithARunningMaster() throws Exception {
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
        SluiceProcess sluice = relay(master, "")) {
      BinlogTool tool = new BinlogTool(sluice, directory);
      String gtid;
      try (Writers writers = new Writers(master, 6)) {
        for (int i = 0; i < 3; i++) {
          writers.awaitMore(100);
          master.execute("FLUSH BINARY LOGS");
          assertThat(tool.run("verify").succeeded().text()).endsWith(" 0 findings\n");
        }
        assertThat(tool.run("cat", newest(tool)).succeeded().bytes()).startsWith(0xfe, 'b', 'i');
        gtid = String.valueOf(master.queryString("SELECT @@gtid_binlog_pos")).split(",")[0];
      }
      new StoredCopies(sluice, "relay", master).await();
      assertThat(tool.run("verify").succeeded().text()).endsWith(" 0 findings\n");
      assertFiles(tool, master);
      assertFound(tool, master, gtid);
      assertThat(tool.run("repair").exit()).isEqualTo(2);
      assertThat(sluice.stop()).isZero();
      assertThat(tool.run("repair", "--dry-run").succeeded().text()).doesNotContain("would cut");
    }
  }

  private static String newest(BinlogTool tool) throws Exception {
    JsonNode files = new ObjectMapper().readTree(tool.run("ls", "--json").succeeded().bytes());
    JsonNode last = files.get(files.size() - 1);
    assertThat(last.get("growing").asBoolean()).isTrue();
    return last.get("file").asText();
  }

  /** Names, sizes and bytes are those of the master. */
  private static void assertFiles(BinlogTool tool, DatabaseServer master) throws Exception {
    JsonNode files = new ObjectMapper().readTree(tool.run("ls", "--json").succeeded().bytes());
    List<String> names = master.binlogFiles();
    assertThat(files).hasSameSizeAs(names);
    // The last one may still get an event that says what can be forgotten.
    for (int i = 0; i < names.size() - 1; i++) {
      assertThat(files.get(i).get("file").asText()).isEqualTo(names.get(i));
      assertThat(files.get(i).get("size").asLong())
          .isEqualTo(Files.size(master.binlogPath(names.get(i))));
    }
    String closed = names.get(names.size() - 2);
    assertThat(tool.run("cat", closed).succeeded().bytes())
        .isEqualTo(Files.readAllBytes(master.binlogPath(closed)));
  }

  /** The master shows the transaction at the place that was found. */
  private static void assertFound(BinlogTool tool, MariaDbServer master, String gtid)
      throws Exception {
    String found = tool.run("find", gtid).succeeded().text();
    assertThat(found).matches(gtid + "\t1/m-bin\\.[0-9]{6}:[0-9]+\n");
    String file = found.substring(found.indexOf('/') + 1, found.lastIndexOf(':'));
    String position = found.substring(found.lastIndexOf(':') + 1).strip();
    String event =
        master
            .queryRow("SHOW BINLOG EVENTS IN '" + file + "' FROM " + position + " LIMIT 1")
            .toString();
    assertThat(event).contains("GTID " + gtid);
  }

  private void assertToolsRead(
      DatabaseServer master,
      String serverOptions,
      String program,
      IntFunction<String> session,
      boolean ddl)
      throws Exception {
    ServerInstallation installation = master.installation();
    try (SluiceProcess sluice = relay(master, serverOptions)) {
      BinlogTool tool = new BinlogTool(sluice, directory);
      try (Writers writers = new Writers(master, 7, session, ddl)) {
        writers.awaitMore(60);
        master.execute("FLUSH BINARY LOGS");
        writers.awaitMore(60);
        master.execute("FLUSH BINARY LOGS");
        assertThat(tool.run("verify").succeeded().text()).endsWith(" 0 findings\n");
        tool.into(installation, program, List.of(), "cat", newest(tool)).succeeded();
      }
      new StoredCopies(sluice, "relay", master).await();
      List<String> names = master.closedBinlogFiles();
      String first = names.get(0);
      String second = names.get(1);
      List<String> verbose = List.of("--verbose");
      String expected = own(master, program, first);
      assertThat(expected).contains("INSERT INTO");
      assertThat(tool.into(installation, program, verbose, "cat", first).succeeded().text())
          .isEqualTo(expected);
      String both =
          tool.into(installation, program, verbose, "cat", first, second).succeeded().text();
      assertThat(statements(both)).isEqualTo(statements(expected + own(master, program, second)));
      String part =
          tool.into(installation, program, verbose, "cat", "--from", middle(tool, first), first)
              .succeeded()
              .text();
      List<String> all = statements(expected);
      assertThat(statements(part)).isNotEmpty().hasSizeLessThan(all.size());
      assertThat(all).endsWith(statements(part).toArray(String[]::new));
      assertThat(tool.run("verify").succeeded().text()).endsWith(" 0 findings\n");
    }
  }

  /** Where a transaction begins, not the first one. */
  private static String middle(BinlogTool tool, String file) throws Exception {
    List<String> gtids =
        tool.run("dump", file)
            .succeeded()
            .text()
            .lines()
            .filter(line -> line.contains(" Gtid "))
            .toList();
    String line = gtids.get(gtids.size() / 2);
    return line.substring(0, line.indexOf(' '));
  }

  private String own(DatabaseServer master, String program, String file) throws Exception {
    return BinlogTool.server(
            directory,
            master.installation(),
            program,
            List.of("--verbose", master.binlogPath(file).toString()))
        .succeeded()
        .text();
  }

  /** What rows are changed, in order. */
  private static List<String> statements(String text) {
    return text.lines().filter(line -> line.startsWith("### ")).toList();
  }

  @Test
  @RequiresServer("mariadb-11.8")
  void shouldGiveMariaDbBinlogWhatItReads() throws Exception {
    try (MariaDbServer master =
        MariaDbServer.builder()
            .installation(ServerInstallation.find("mariadb-11.8").orElseThrow())
            .serverId(1)
            .binlog("m-bin")
            .start()) {
      assertToolsRead(
          master, "", "mariadb-binlog", domain -> "SET gtid_domain_id = " + domain, true);
    }
  }

  @Test
  @RequiresServer("mysql-9.7")
  void shouldGiveMysqlbinlogWhatItReads() throws Exception {
    try (MySqlServer master =
        MySqlServer.builder("mysql-9.7")
            .serverId(1)
            .binlog("m-bin")
            .option("gtid-mode", "ON")
            .option("enforce-gtid-consistency", "ON")
            .start()) {
      assertToolsRead(
          master,
          ", get-server-public-key = true",
          "mysqlbinlog",
          writer -> "SET binlog_transaction_compression = " + (writer == 1 ? "ON" : "OFF"),
          true);
    }
  }
}

package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.DatabaseServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What is done on a connection that may be compressed: small and large, both ways, in turns. */
final class CompressedTraffic {

  /** What {@link #script} prints. */
  static final String SCRIPT_RESULT =
      "1\n70000\n2\n40000\n3\n" + "x".repeat(40_000) + "\n18000000\n4\n";

  private final Connection connection;

  CompressedTraffic(Connection connection) {
    this.connection = connection;
  }

  void run(Path directory) throws Exception {
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY TABLE d.c (a INT, b LONGTEXT)");
      batch();
      results(statement);
      file(statement, directory);
      large(statement);
      assertThat(connection.isValid(60)).isTrue();
    }
  }

  private void batch() throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO d.c VALUES (?, ?)")) {
      for (int i = 0; i < 300; i++) {
        insert.setInt(1, i);
        insert.setString(2, "x".repeat(i * 10));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void results(Statement statement) throws SQLException {
    assertThat(number(statement, "SELECT SUM(LENGTH(b)) FROM d.c")).isEqualTo(448_500);
    assertThat(statement.execute("SELECT 1; SELECT b FROM d.c ORDER BY a; SELECT 3")).isTrue();
    assertThat(statement.getMoreResults()).isTrue();
    try (ResultSet rows = statement.getResultSet()) {
      for (int i = 0; i < 300; i++) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("x".repeat(i * 10));
      }
    }
    assertThat(statement.getMoreResults()).isTrue();
  }

  private static void file(Statement statement, Path directory) throws Exception {
    Path file = Files.createTempFile(directory, "rows", ".txt");
    Files.writeString(file, "1\tone\n2\ttwo\n".repeat(150_000));
    statement.execute("TRUNCATE d.c");
    statement.execute(
        "SELECT 1; LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE d.c; SELECT COUNT(*) FROM d.c");
    while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
      // To the last one.
    }
    assertThat(number(statement, "SELECT COUNT(*) FROM d.c")).isEqualTo(300_000);
    statement.execute("TRUNCATE d.c");
  }

  /** More than two packets, of which none can be made smaller. */
  private static void large(Statement statement) throws SQLException {
    byte[] random = new byte[20_000_000];
    new Random(4711).nextBytes(random);
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) ('0' + (random[i] & 63));
    }
    String text = new String(random, StandardCharsets.ISO_8859_1).replace('\\', '0');
    try (ResultSet rows = statement.executeQuery("SELECT '" + text + "', REPEAT('y', 17000000)")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1).equals(text)).isTrue();
      assertThat(rows.getString(2)).hasSize(17_000_000);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  /** More than 256 packets of the client's. */
  static String fileOfScript() {
    return "1\t" + "z".repeat(200) + "\n" + ("2\t" + "z".repeat(200) + "\n").repeat(69_999);
  }

  /** What a command line client sends, which checks numbers: in one request, where it can. */
  static String script(Path file) {
    return "DELIMITER //\n"
        + "CREATE TEMPORARY TABLE d.s (a INT, b LONGTEXT); SELECT 1;"
        + " LOAD DATA LOCAL INFILE '"
        + file
        + "' INTO TABLE d.s; SELECT COUNT(*) FROM d.s; SELECT 2//\n"
        + "SELECT LENGTH('"
        + "x".repeat(40_000)
        + "'); SELECT 3; SELECT '"
        + "x".repeat(40_000)
        + "'//\n"
        + "SELECT LENGTH('"
        + "v".repeat(18_000_000)
        + "'); SELECT 4//\n";
  }

  /** Runs a client of the server's family with a script; what it prints. */
  static String tool(
      DatabaseServer server, String program, int port, String script, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--no-defaults"));
    arguments.addAll(
        List.of(
            "--host=127.0.0.1",
            "--port=" + port,
            "--protocol=TCP",
            "--user=app",
            "--password=apppw",
            "--max-allowed-packet=1G",
            "--batch",
            "--skip-column-names"));
    arguments.addAll(List.of(options));
    Path in = Files.createTempFile("sluice", ".sql");
    Path out = Files.createTempFile("sluice", ".out");
    try {
      Files.writeString(in, script);
      Process process =
          server
              .installation()
              .command(server.client(program).orElseThrow(), arguments)
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(program + " did not end");
      }
      return Files.readString(out);
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }
}

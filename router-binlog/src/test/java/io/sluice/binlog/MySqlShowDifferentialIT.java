package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SHOW and the statements that change replication, asked of real MySQL sources and of the relays
 * behind them: columns, rows, errors and warnings are alike.
 */
class MySqlShowDifferentialIT {
  private static final String EVERYTHING = "everything";
  private static final String NOBODY = "nobody";
  private static final String PASSWORD = "pw";

  /** Their rows tell of the one that is asked. */
  private static final List<String> COLUMNS_ONLY =
      List.of(
          "SHOW REPLICA STATUS",
          "SHOW SLAVE STATUS",
          "SHOW REPLICAS",
          "SHOW SLAVE HOSTS",
          "SHOW PROCESSLIST",
          "SHOW FULL PROCESSLIST",
          "SHOW STATUS LIKE 'Uptime'",
          "SHOW GLOBAL STATUS LIKE 'Uptime'",
          "SHOW DATABASES",
          "SHOW RELAYLOG EVENTS",
          "SHOW VARIABLES LIKE 'server_id'",
          "SHOW GLOBAL VARIABLES LIKE 'server_id'",
          "SHOW MASTER STATUS",
          "SHOW BINARY LOG STATUS",
          "SHOW BINARY LOGS",
          "SHOW BINLOG EVENTS LIMIT 1",
          "SHOW WARNINGS",
          "SHOW ERRORS",
          "SHOW COUNT(*) WARNINGS",
          "SHOW GRANTS");

  @TempDir Path data;

  private final List<String> differences = new ArrayList<>();

  @Test
  @RequiresServer("mysql-9.7")
  void shouldAnswerAsASourceOf97() throws Exception {
    compare(MySqlServer.builder("mysql-9.7").gtid());
  }

  @Test
  @RequiresServer("mysql-5.6")
  void shouldAnswerAsASourceOf56() throws Exception {
    compare(MySqlServer.builder("mysql-5.6").withoutGtid());
  }

  private void compare(MySqlServer.Builder builder) throws Exception {
    try (MySqlServer source = builder.serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(source);
      source.createUser(EVERYTHING, PASSWORD, "ALL PRIVILEGES ON *.*");
      source.createUser(NOBODY, PASSWORD);
      work(source);
      try (RelayHarness relay = RelayHarness.start(data, source)) {
        relay.awaitEnd(source);
        show(source, relay);
        events(source, relay);
        refuse(source, relay);
        control(source, relay);
      }
      assertThat(differences).as("differences from " + source.version()).isEmpty();
    }
  }

  /** What a version does not know is left out. */
  private static void work(MySqlServer source) throws IOException {
    Path load = source.dataDir().resolve("load.txt");
    Files.writeString(load, "a,1\nb,2\n");
    try (WireClient client = connect(source.port(), EVERYTHING)) {
      for (String sql : lines("/sql/mysql-workload.txt")) {
        try {
          client.query(sql.replace("LOAD_FILE", load.toString()));
        } catch (WireError e) {
          assertThat(e.code()).as(sql).isIn(1064, 1193, 1231, 1146, 1781, 1785);
        }
      }
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = MySqlShowDifferentialIT.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static WireClient connect(int port, String user) {
    return WireClient.connect("127.0.0.1", port, user, PASSWORD);
  }

  private void show(MySqlServer source, RelayHarness relay) {
    try (WireClient direct = connect(source.port(), EVERYTHING);
        WireClient through = connect(relay.port(), EVERYTHING)) {
      // A server without a master shows no row, but the columns.
      COLUMNS_ONLY.forEach(sql -> note(sql, columns(direct, sql), columns(through, sql)));
    }
  }

  private void events(MySqlServer source, RelayHarness relay) {
    try (WireClient direct = connect(source.port(), EVERYTHING);
        WireClient through = connect(relay.port(), EVERYTHING)) {
      for (String file : source.binlogFiles()) {
        String sql = "SHOW BINLOG EVENTS IN '" + file + "'";
        List<List<String>> wanted = direct.query(sql).rows();
        List<List<String>> got = through.query(sql).rows();
        for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
          note(sql + " row " + i, row(wanted, i), row(got, i));
        }
      }
    }
  }

  private static String row(List<List<String>> rows, int i) {
    return i < rows.size() ? rows.get(i).toString() : "none";
  }

  /** Wrong words, wrong names, missing privileges. */
  private void refuse(MySqlServer source, RelayHarness relay) throws IOException {
    for (String user : List.of(EVERYTHING, NOBODY)) {
      try (WireClient direct = connect(source.port(), user);
          WireClient through = connect(relay.port(), user)) {
        String list = user.equals(NOBODY) ? "mysql-denied.txt" : "mysql-show.txt";
        for (String sql : lines("/sql/" + list)) {
          note(user + ": " + sql, outcome(direct, sql), outcome(through, sql));
        }
      }
    }
  }

  /** The source is a replica too, of nobody, and stopped as the relay is. */
  private void control(MySqlServer source, RelayHarness relay) throws IOException {
    boolean old = !source.installation().isAtLeast(8, 4);
    try (WireClient direct = connect(source.port(), EVERYTHING);
        WireClient through = connect(relay.port(), EVERYTHING)) {
      direct.query(
          old
              ? "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1"
              : "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1");
      through.query(old ? "STOP SLAVE" : "STOP REPLICA");
      for (String sql : lines("/sql/mysql-control.txt")) {
        note(sql, outcome(direct, sql), outcome(through, sql));
      }
      direct.query(old ? "RESET SLAVE ALL" : "RESET REPLICA ALL");
    }
  }

  private void note(String what, String wanted, String got) {
    if (!wanted.equals(got)) {
      differences.add("\n" + what + "\n  source " + wanted + "\n  relay  " + got);
    }
  }

  /** What was to say before is forgotten: 5.6 would keep it, for want of a table. */
  private static String outcome(WireClient client, String sql) {
    try {
      client.query("SHOW VARIABLES LIKE 'nothing'");
      WireResult result = client.query(sql);
      String rows = result.rows().toString().replaceAll(" IDENTIFIED BY PASSWORD( '[^']*')?", "");
      return rows + " warnings " + client.query("SHOW WARNINGS").rows();
    } catch (WireError e) {
      return e.toString();
    }
  }

  /** Names, type, flags, decimals and, of numbers, length of each column, or the error. */
  private static String columns(WireClient client, String sql) {
    client.sendQuery(sql);
    WirePacket first = client.read();
    if (first.isError()) {
      return WireError.parse(first).toString();
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < first.header(); i++) {
      ColumnDefinition column =
          ColumnDefinition.decode(Unpooled.wrappedBuffer(client.read().payload()));
      boolean number = column.type() == FieldType.LONG || column.type() == FieldType.LONGLONG;
      columns.add(
          Stream.of(
                  column.schema(),
                  column.table(),
                  column.originalTable(),
                  column.name(),
                  column.originalName(),
                  column.type(),
                  Integer.toHexString(column.flags()),
                  column.decimals(),
                  number ? column.length() : 0)
              .map(String::valueOf)
              .toList()
              .toString());
    }
    client.expectEof();
    while (!client.read().isEof()) {
      // Rows are compared elsewhere.
    }
    return String.join("\n    ", columns);
  }
}

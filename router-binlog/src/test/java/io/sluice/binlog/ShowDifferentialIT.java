package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.binlog.sql.Answer;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's SHOW answers beside those of its real master. */
class ShowDifferentialIT {
  private static final String EVERYTHING = "everything";

  static final List<String> STATUS_STATEMENTS =
      List.of(
          "SHOW SLAVE STATUS",
          "SHOW REPLICA STATUS",
          "SHOW ALL SLAVES STATUS",
          "SHOW MASTER STATUS",
          "SHOW BINLOG STATUS",
          "SHOW BINARY LOGS",
          "SHOW BINLOG EVENTS LIMIT 1",
          "SHOW SLAVE HOSTS",
          "SHOW PROCESSLIST",
          "SHOW FULL PROCESSLIST",
          "SHOW STATUS LIKE 'Uptime'",
          "SHOW GLOBAL STATUS LIKE 'Uptime'",
          "SHOW VARIABLES LIKE 'server_id'",
          "SHOW GLOBAL VARIABLES LIKE 'server_id'",
          "SHOW WARNINGS",
          "SHOW ERRORS",
          "SHOW COUNT(*) WARNINGS",
          "SHOW COUNT(*) ERRORS",
          "SHOW GRANTS",
          "SHOW DATABASES");

  @TempDir static Path data;

  private static MariaDbServer master;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() throws Exception {
    master = MariaDbServer.builder().serverId(1).binlog("m-bin").start();
    RelayHarness.createUser(master);
    master.createUser(EVERYTHING, "pw", "ALL PRIVILEGES ON *.*");
    Path load = master.dataDir().resolve("load.txt");
    Files.writeString(load, "a,1\nb,2\n");
    master.execute(workload(load));
    String[] many = new String[700];
    Arrays.fill(many, "INSERT INTO d.t (a,v) SELECT MAX(a)+1, REPEAT('v', 500) FROM d.t");
    master.execute(many);
    relay = RelayHarness.start(data, master);
    relay.awaitSameEnd(master);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    master.close();
  }

  /** Every kind of event that a master of this version writes. */
  private static String[] workload(Path load) {
    return """
        CREATE DATABASE d
        USE d
        CREATE TABLE t (a INT PRIMARY KEY, v TEXT) ENGINE=InnoDB
        CREATE TABLE m (a INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200)) ENGINE=MyISAM
        SET SESSION binlog_format=ROW
        INSERT INTO t VALUES (1,'x'),(2,'y')
        UPDATE t SET v='z' WHERE a=1
        DELETE FROM t WHERE a=2
        SET SESSION binlog_annotate_row_events=OFF
        INSERT INTO t VALUES (3,'x')
        SET SESSION binlog_format=STATEMENT
        SET @u='käse', @i=-5, @n=NULL, @r=1.5e0, @d=12.340, @b=x'ff00', @big=18446744073709551615
        SET @r1=1e15, @r2=1e14, @r3=1e-10, @r4=1.5e300, @r5=-123456.789e0, @d2=123456789012345678901234567890.5
        SET INSERT_ID=77
        INSERT INTO m (v) VALUES (CONCAT(@u,@i,@r,@d,LAST_INSERT_ID(),RAND()))
        INSERT INTO m (v) VALUES (HEX(@b)),(@n),(@big)
        INSERT INTO m (v) VALUES (CONCAT_WS(',',@r1,@r2,@r3,@r4)),(CONCAT_WS(',',@r5,@d2,-@d))
        BEGIN
        INSERT INTO t VALUES (10,'s')
        SAVEPOINT sp
        INSERT INTO t VALUES (11,'s')
        INSERT INTO m(v) VALUES('nt')
        ROLLBACK TO sp
        COMMIT
        BEGIN
        INSERT INTO t VALUES (12,'s')
        INSERT INTO m(v) VALUES('nt2')
        ROLLBACK
        SET foreign_key_checks=0, unique_checks=0, sql_auto_is_null=1, check_constraint_checks=0
        INSERT INTO m(v) VALUES ('flags')
        SET foreign_key_checks=1, unique_checks=1, sql_auto_is_null=0, check_constraint_checks=1
        LOAD DATA INFILE '%s' INTO TABLE m FIELDS TERMINATED BY ',' (v, @x)
        SET SESSION binlog_format=ROW
        CREATE TABLE ctas ENGINE=InnoDB AS SELECT * FROM t
        CREATE SEQUENCE seq
        DO NEXTVAL(seq)
        XA START 'xa1','b',5
        INSERT INTO t VALUES (20,'xa')
        XA END 'xa1','b',5
        XA PREPARE 'xa1','b',5
        XA COMMIT 'xa1','b',5
        XA START 'kno'
        INSERT INTO t VALUES (22,'xa')
        XA END 'kno'
        XA PREPARE 'kno'
        XA ROLLBACK 'kno'
        SET SESSION gtid_domain_id=7
        INSERT INTO t VALUES (30,'dom')
        SET SESSION gtid_domain_id=0
        SET SESSION server_id=99
        INSERT INTO t VALUES (31,'sid')
        SET SESSION server_id=1
        SET GLOBAL log_bin_compress=1
        SET GLOBAL log_bin_compress_min_len=10
        INSERT INTO t VALUES (40,REPEAT('compress ',50))
        UPDATE t SET v=REPEAT('comp2 ',50) WHERE a=40
        DELETE FROM t WHERE a=40
        SET SESSION binlog_format=STATEMENT
        INSERT INTO t VALUES (41,'                                                  cccccccccccccccccccccccc')
        SET GLOBAL log_bin_compress=0
        SET binlog_alter_two_phase=1
        ALTER TABLE t ADD COLUMN c INT
        CREATE DATABASE `o``dd`
        USE `o``dd`
        CREATE TABLE `t``x` (a INT)
        SET SESSION binlog_format=ROW
        INSERT INTO `t``x` VALUES (1)
        FLUSH BINARY LOGS
        INSERT INTO d.m (v) VALUES ('next €')
        """
        .formatted(load)
        .strip()
        .split("\n");
  }

  private static WireClient toMaster() {
    return WireClient.connect(master.host(), master.port(), EVERYTHING, "pw");
  }

  private static WireClient toRelay() {
    return WireClient.connect("127.0.0.1", relay.port(), EVERYTHING, "pw");
  }

  /** Name, type, flags and decimals of each column. */
  private static List<String> columns(WireClient client, String sql) {
    client.sendQuery(sql);
    WirePacket first = client.read();
    if (first.isError()) {
      throw WireError.parse(first);
    }
    int count = first.header();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ColumnDefinition column =
          ColumnDefinition.decode(Unpooled.wrappedBuffer(client.read().payload()));
      columns.add(
          String.join(
              " ",
              column.schema(),
              column.table(),
              column.originalTable(),
              column.name(),
              column.originalName(),
              column.type().toString(),
              Integer.toHexString(column.flags()),
              Integer.toString(column.decimals())));
    }
    client.expectEof();
    while (!client.read().isEof()) {
      // Rows are compared elsewhere.
    }
    return columns;
  }

  @ParameterizedTest
  @FieldSource("STATUS_STATEMENTS")
  void shouldHaveTheMastersColumns(String sql) {
    try (WireClient direct = toMaster();
        WireClient through = toRelay()) {
      assertThat(columns(through, sql)).isEqualTo(columns(direct, sql));
    }
  }

  @Test
  void shouldPrintEachEventAsTheMasterDoes() {
    try (WireClient direct = toMaster();
        WireClient through = toRelay()) {
      for (String file : master.binlogFiles()) {
        String sql = "SHOW BINLOG EVENTS IN '" + file + "'";
        assertThat(through.query(sql).rows()).isEqualTo(direct.query(sql).rows());
      }
      String newest = "SHOW BINLOG EVENTS IN 'm-bin.000002'";
      assertThat(through.query(newest).rows())
          .as("more than one batch")
          .hasSizeGreaterThan(2 * Answer.RowSource.BATCH);
      String sql = "SHOW BINLOG EVENTS";
      assertThat(through.query(sql).rows())
          .hasSizeGreaterThan(150)
          .isEqualTo(direct.query(sql).rows());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW BINLOG EVENTS LIMIT 0",
        "SHOW BINLOG EVENTS LIMIT 3",
        "SHOW BINLOG EVENTS LIMIT 3, 5",
        "SHOW BINLOG EVENTS LIMIT 5 OFFSET 3",
        "SHOW BINLOG EVENTS FROM 0 LIMIT 1",
        "SHOW BINLOG EVENTS IN 'm-bin.000002' FROM 256 LIMIT 2",
        "SHOW BINLOG EVENTS IN 'nope.000001'",
        "SHOW BINLOG EVENTS IN ''",
        "SHOW BINLOG EVENTS IN './m-bin.000001'",
        "SHOW BINLOG EVENTS FROM 100",
        "SHOW BINLOG EVENTS FROM 99999999",
        "SHOW BINLOG EVENTS FROM 18446744073709551616",
        "SHOW BINLOG EVENTS IN m-bin",
        "SHOW BINLOG EVENTS FROM 'x'",
        "SHOW MASTER STATUS",
        "SHOW BINARY LOGS",
        "SHOW MASTER STATUS LIKE 'x'",
        "SHOW BINARY LOGS LIKE 'x'",
        "SHOW SLAVE STATUS LIKE 'x'",
        "SHOW SLAVE 'x' STATUS",
        "SHOW SLAVE STATUS FOR CHANNEL 'x'",
        "SHOW ALL SLAVES STATUS FOR CHANNEL ''",
        "SHOW SLAVE STATUS NONBLOCKING",
        "SHOW PROCESSLIST WHERE Id=5",
        "SHOW NONSENSE",
        "SHOW",
        "SHOW GLOBAL VARIABLES LIKE 'server_id'",
        "SHOW GLOBAL VARIABLES WHERE Variable_name='server_id' OR Variable_name IN ('version')",
        "SHOW GLOBAL VARIABLES WHERE Variable_name LIKE 'server_i_' AND NOT Value = 'x'"
      })
  void shouldAnswerAsTheMasterDoes(String sql) {
    try (WireClient direct = toMaster();
        WireClient through = toRelay()) {
      assertThat(outcome(through, sql)).isEqualTo(outcome(direct, sql));
      assertThat(outcome(through, "SHOW WARNINGS")).isEqualTo(outcome(direct, "SHOW WARNINGS"));
    }
  }

  private static String outcome(WireClient client, String sql) {
    try {
      return client.query(sql).rows().toString();
    } catch (WireError e) {
      return e.toString();
    }
  }

  @RequiresServer({"mariadb-10.11", "mariadb-11.8"})
  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.11", "mariadb-11.8"})
  void shouldBeTheSameForOtherVersions(String name) throws Exception {
    checkVersion(name);
  }

  @Tag("nightly")
  @RequiresServer("mariadb-10.5")
  @Test
  void shouldBeTheSameForMariaDb105() throws Exception {
    checkVersion("mariadb-10.5");
  }

  private static void checkVersion(String name) throws Exception {
    ServerInstallation installation = ServerInstallation.find(name).orElseThrow();
    try (MariaDbServer other =
        MariaDbServer.builder().installation(installation).serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(other);
      other.createUser(EVERYTHING, "pw", "ALL PRIVILEGES ON *.*");
      Path load = other.dataDir().resolve("load.txt");
      Files.writeString(load, "a,1\nb,2\n");
      boolean old = name.endsWith("10.5");
      other.execute(
          Arrays.stream(workload(load))
              .filter(sql -> !old || !sql.contains("alter_two_phase"))
              .toArray(String[]::new));
      Path directory = Files.createDirectory(data.resolve(name));
      try (RelayHarness behind = RelayHarness.start(directory, other)) {
        behind.awaitSameEnd(other);
        compare(other, behind);
      }
    }
  }

  private static void compare(MariaDbServer other, RelayHarness behind) {
    try (WireClient direct = WireClient.connect(other.host(), other.port(), EVERYTHING, "pw");
        WireClient through = WireClient.connect("127.0.0.1", behind.port(), EVERYTHING, "pw")) {
      for (String sql : STATUS_STATEMENTS) {
        assertThat(columns(through, sql)).as(sql).isEqualTo(columns(direct, sql));
      }
      for (String file : other.binlogFiles()) {
        String sql = "SHOW BINLOG EVENTS IN '" + file + "'";
        assertThat(through.query(sql).rows()).isEqualTo(direct.query(sql).rows());
      }
    }
  }
}

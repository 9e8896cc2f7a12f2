package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.CloseReason;
import io.sluice.binlog.control.ControlException;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.replica.ReplicaState;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.PurgeRequest;
import io.sluice.binlog.store.StoreTester;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComRegisterSlave;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.testkit.await.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The relay's answers to statements and commands, over the bytes of the wire. */
class RouterSessionTest {
  private static final Capabilities CAPABILITIES = Capabilities.INTERNAL;

  @TempDir Path data;

  private LocalRelay relay;
  private FakeSession client;
  private BinlogRouterSession router;
  private SyntheticLog log;

  @BeforeEach
  void connect() throws Exception {
    relay = new LocalRelay(data);
    log = new SyntheticLog().startFile().transaction(100).transaction(200);
    relay.store.file("b.000001", log.bytes());
    relay.store.awaitVisible("b.000001", log.size());
    login(EnumSet.complementOf(EnumSet.of(Privilege.CONNECTION_ADMIN, Privilege.SUPER)));
  }

  private void login(Set<Privilege> privileges) {
    client = new FakeSession(CAPABILITIES, privileges);
    router = relay.session(client);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.eventLoop().submit(router::close).get();
    client.close();
    relay.close();
  }

  private byte[] command(int code, Consumer<ByteBuf> rest) throws Exception {
    begin(code, rest);
    client.awaitAnswer();
    return client.takeWire();
  }

  private void begin(int code, Consumer<ByteBuf> rest) throws Exception {
    ByteBuf packet = Unpooled.buffer().writeZero(4).writeByte(code);
    rest.accept(packet);
    packet.setMediumLE(0, packet.readableBytes() - 4);
    byte[] bytes = new byte[packet.readableBytes()];
    packet.readBytes(bytes);
    client.takeWire();
    client.complete = false;
    LocalRelay.route(client, router, bytes);
  }

  private ResultSetReader ask(String sql) throws Exception {
    ResultSetReader reader = new ResultSetReader(CAPABILITIES);
    reader.feed(
        Unpooled.copiedBuffer(
            command(
                Command.QUERY.code(), out -> out.writeCharSequence(sql, StandardCharsets.UTF_8))));
    return reader;
  }

  private ResultSet rows(String sql) throws Exception {
    ResultSetReader reader = ask(sql);
    assertThat(reader.error()).as(sql).isNull();
    return reader.result();
  }

  private static int errorCode(byte[] packet) {
    assertThat(packet[4] & 0xff).isEqualTo(0xff);
    return (packet[5] & 0xff) | (packet[6] & 0xff) << 8;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "SELECT UNIX_TIMESTAMP() | UNIX_TIMESTAMP() | 1700000000",
        "SELECT @@GLOBAL.gtid_domain_id | @@GLOBAL.gtid_domain_id | 0",
        "SELECT @@server_id | @@server_id | 1",
        "SELECT VERSION() | VERSION() | 11.8.9-MariaDB",
        "SELECT @@version | @@version | 11.8.9-MariaDB",
        "select @@version_comment limit 1 | @@version_comment | Debian",
        "SELECT DATABASE() | DATABASE() | NULL",
        "SELECT USER() | USER() | repl@10.0.0.9",
        "SELECT CURRENT_USER() | CURRENT_USER() | repl@%",
        "SELECT CONNECTION_ID() | CONNECTION_ID() | 77",
        "SELECT NOW() | NOW() | 2023-11-14 22:13:20",
        "SELECT @never_set | @never_set | NULL",
        "SELECT 1 | 1 | 1",
        "SELECT 'x' AS y | y | x",
        "SELECT @@log_bin | @@log_bin | 1",
        "SELECT @@read_only | @@read_only | 1",
        "SELECT @@session.skip_replication | @@session.skip_replication | 0",
        "SELECT CONCAT(@@sql_mode, ',A') | CONCAT(@@sql_mode, ',A') | STRICT_TRANS_TABLES,A",
        "SELECT IFNULL(@@last_gtid, 'z') | IFNULL(@@last_gtid, 'z') | ''",
        "SELECT FIND_IN_SET('b', 'a,b') | FIND_IN_SET('b', 'a,b') | 2",
        "SELECT binlog_gtid_pos('b.000001', 5) | binlog_gtid_pos('b.000001', 5) | NULL",
        "SELECT binlog_gtid_pos('b.000009', 4) | binlog_gtid_pos('b.000009', 4) | NULL",
        "SELECT binlog_gtid_pos('b.000001', 4) | binlog_gtid_pos('b.000001', 4) | ''"
      })
  void shouldAnswerExpressions(String sql, String label, String value) throws Exception {
    ResultSet result = rows(sql);
    assertThat(result.columnNames()).containsExactly(label);
    assertThat(result.value(0, 0)).isEqualTo(value);
  }

  @Test
  void shouldShowItsOwnGtidPositionRatherThanTheMastersOldOne() throws Exception {
    String position = log.state().position().toString();
    assertThat(rows("SELECT @@global.gtid_binlog_pos").value(0, 0)).isEqualTo(position);
    assertThat(rows("SHOW VARIABLES LIKE 'gtid\\_binlog\\_pos'").value(0, 1)).isEqualTo(position);
    assertThat(rows("SELECT binlog_gtid_pos('b.000001'," + log.size() + ")").value(0, 0))
        .isEqualTo(position);
  }

  @Test
  void shouldRememberVariablesOfTheSession() throws Exception {
    assertThat(rows("SELECT @master_binlog_checksum").value(0, 0)).isNull();
    rows("SET @master_binlog_checksum= @@global.binlog_checksum, @a = 5");
    assertThat(rows("SELECT @master_binlog_checksum").value(0, 0)).isEqualTo("CRC32");
    rows("SET sql_mode=CONCAT(@@sql_mode,',ANSI'), autocommit=OFF");
    assertThat(rows("SELECT @@sql_mode").value(0, 0))
        .isEqualTo(
            "REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI,STRICT_TRANS_TABLES");
    assertThat(rows("SHOW VARIABLES LIKE 'autocommit'").value(0, 1)).isEqualTo("OFF");
    assertThat(rows("SELECT @@global.autocommit").value(0, 0)).isEqualTo("1");
    command(Command.RESET_CONNECTION.code(), out -> {});
    assertThat(rows("SELECT @a").value(0, 0)).isNull();
    assertThat(rows("SELECT @@autocommit").value(0, 0)).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT @@nonsense | 1193",
        "SET nonsense = 1 | 1193",
        "SELECT @@rpl_semi_sync_master_timeout | 1193",
        "SELEC 1 | 1064",
        "SELECT * FROM t.a | 1235",
        "SELECT a.b, count(*) FROM a WHERE c > 1 | 1235",
        "SELECT 1 2 3 | 1064",
        "INSERT INTO t VALUES (1) | 1235",
        "SET GLOBAL autocommit = 1 | 1235",
        "SELECT nonsense() | 1305",
        "USE test | 1049",
        "KILL 99 | 1094"
      })
  void shouldRefuseAsAServerDoesAndGoOn(String sql, int code) throws Exception {
    assertThat(ask(sql).error().code()).isEqualTo(code);
    assertThat(rows("SELECT 1").value(0, 0)).isEqualTo("1");
  }

  @Test
  void shouldOfferSemiSyncWhateverTheMasterHas() throws Exception {
    ResultSet offered = rows("SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'");
    assertThat(offered.value(0, 1)).isEqualTo("ON");
    assertThat(rows("SELECT @@rpl_semi_sync_master_enabled").value(0, 0)).isEqualTo("1");
  }

  @Test
  void shouldAskReplicasToComeBackWhileNoMasterIsKnown() throws Exception {
    relay.variables.set(Map.of(), Map.of());
    assertThat(ask("SHOW VARIABLES LIKE 'SERVER_ID'").error().code()).isEqualTo(1053);
    assertThat(ask("SELECT @@GLOBAL.gtid_domain_id").error().code()).isEqualTo(1053);
    assertThat(rows("SET sql_mode=CONCAT(@@sql_mode,',A')").columns()).isEmpty();
    assertThat(rows("SHOW SLAVE STATUS").size()).isEqualTo(1);
  }

  @Test
  void shouldShowTrueStatus() throws Exception {
    ResultSet master = rows("SHOW MASTER STATUS");
    assertThat(master.columnNames())
        .containsExactly("File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB");
    assertThat(master.value(0, "Position")).isEqualTo(Long.toString(log.size()));
    assertThat(rows("SHOW BINARY LOGS").value(0, "File_size")).isEqualTo(Long.toString(log.size()));
    ResultSet slave = rows("SHOW SLAVE STATUS");
    assertThat(slave.columnNames()).hasSize(54);
    assertThat(slave.value(0, "Master_Host")).isEqualTo("master.example");
    assertThat(slave.value(0, "Slave_IO_Running")).isEqualTo("No");
    assertThat(slave.value(0, "Read_Master_Log_Pos")).isEqualTo(Long.toString(log.size()));
    assertThat(slave.value(0, "Gtid_IO_Pos")).isEqualTo(log.state().position().toString());
    assertThat(slave.value(0, "Seconds_Behind_Master")).isNull();
    assertThat(rows("SHOW ALL SLAVES STATUS").columnNames()).hasSize(65);
    assertThat(rows("SHOW STATUS WHERE Variable_name = 'uptime' AND Value > 3").size())
        .isEqualTo(1);
    assertThat(rows("SHOW STATUS LIKE 'Uptime'").value(0, 1)).isEqualTo("3600");
    assertThat(rows("SHOW PROCESSLIST").value(0, "Command")).isEqualTo("Query");
    assertThat(rows("SHOW WARNINGS").isEmpty()).isTrue();
  }

  @Test
  void shouldShowTheColumnsOfThePresentedVersion() throws Exception {
    Map<String, String> variables = new HashMap<>(relay.variables.all());
    variables.put("version", "10.5.23-MariaDB");
    relay.variables.set(variables, Map.of());
    assertThat(rows("SHOW SLAVE STATUS").columnNames()).hasSize(53);
    assertThat(rows("SHOW ALL SLAVES STATUS").columnNames()).hasSize(61);
    variables.put("version", "11.4.5-MariaDB-log");
    relay.variables.set(variables, Map.of());
    assertThat(rows("SHOW ALL SLAVES STATUS").columnNames()).hasSize(62);
    variables.put("version", "11.8.2-MariaDB");
    relay.variables.set(variables, Map.of());
    assertThat(rows("SHOW SLAVE STATUS").columnNames()).hasSize(54);
    assertThat(rows("SHOW ALL SLAVES STATUS").columnNames())
        .hasSize(65)
        .endsWith(
            "Gtid_Slave_Pos",
            "Master_last_event_time",
            "Slave_last_event_time",
            "Master_Slave_time_diff");
    variables.put("version", "12.0.1-MariaDB");
    relay.variables.set(variables, Map.of());
    assertThat(rows("SHOW SLAVE STATUS").columnNames())
        .endsWith("Connects_Tried", "Master_Retry_Count");
  }

  @Test
  void shouldRememberWhatTheLastStatementHadToSay() throws Exception {
    assertThat(ask("SELECT @@nonsense").error().code()).isEqualTo(1193);
    assertThat(rows("SHOW COUNT(*) ERRORS").value(0, 0)).isEqualTo("1");
    ResultSet warnings = rows("SHOW WARNINGS");
    assertThat(warnings.value(0, "Level")).isEqualTo("Error");
    assertThat(warnings.value(0, "Code")).isEqualTo("1193");
    assertThat(rows("SHOW ERRORS LIMIT 1,1").isEmpty()).isTrue();
    rows("SELECT 1");
    assertThat(rows("SHOW WARNINGS").size()).as("no tables, as a server sees it").isEqualTo(1);
    rows("SHOW VARIABLES LIKE 'x'");
    assertThat(rows("SHOW WARNINGS").isEmpty()).isTrue();
  }

  @Test
  void shouldShowEventsOneByOne() throws Exception {
    ResultSet all = rows("SHOW BINLOG EVENTS");
    assertThat(all.value(0, "Event_type")).isEqualTo("Format_desc");
    assertThat(all.value(all.size() - 1, "Event_type")).isEqualTo("Xid");
    String second = String.valueOf(all.value(1, "Pos"));
    ResultSet one = rows("SHOW BINLOG EVENTS IN 'b.000001' FROM " + second + " LIMIT 1,2");
    assertThat(one.size()).isEqualTo(2);
    assertThat(one.value(0, "Pos")).isEqualTo(all.value(2, "Pos"));
    assertThat(rows("SHOW BINLOG EVENTS LIMIT 0").size()).isEqualTo(1);
    assertThat(ask("SHOW BINLOG EVENTS IN 'x'").error().message())
        .isEqualTo("Error when executing command SHOW BINLOG EVENTS: Could not find target log");
    assertThat(ask("SHOW BINLOG EVENTS FROM 17").error().message())
        .endsWith("Wrong offset or I/O error");
    assertThat(ask("SHOW BINLOG EVENTS FROM 999999").error().message())
        .contains("Invalid pos specified. Requested from pos:999999 is greater");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SHOW MASTER STATUS | BINLOG MONITOR",
        "SHOW BINLOG EVENTS | BINLOG MONITOR",
        "SHOW SLAVE STATUS | SLAVE MONITOR",
        "SHOW SLAVE HOSTS | REPLICATION MASTER ADMIN",
        "CHANGE MASTER TO MASTER_PORT=1 | REPLICATION SLAVE ADMIN",
        "START SLAVE | REPLICATION SLAVE ADMIN",
        "STOP ALL SLAVES | REPLICATION SLAVE ADMIN",
        "SET GLOBAL gtid_slave_pos='' | REPLICATION SLAVE ADMIN",
        "RESET SLAVE | RELOAD",
        "RESET MASTER | RELOAD",
        "PURGE BINARY LOGS TO 'x' | BINLOG ADMIN",
        "FLUSH TABLES | RELOAD"
      })
  void shouldAskForTheServersPrivileges(String sql, String privilege) throws Exception {
    client.eventLoop().submit(router::close).get();
    client.close();
    login(EnumSet.noneOf(Privilege.class));
    assertThat(ask(sql).error().code()).isEqualTo(1227);
    assertThat(ask(sql).error().message())
        .isEqualTo(
            "Access denied; you need (at least one of) the "
                + privilege
                + " privilege(s) for this operation");
    assertThat(rows("SHOW GRANTS").value(0, 0)).isEqualTo("GRANT USAGE ON *.* TO `repl`@`%`");
    assertThat(relay.control.orders).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "START SLAVE | start",
        "START REPLICA IO_THREAD | start",
        "STOP SLAVE IO_THREAD, SQL_THREAD | stop",
        "STOP ALL REPLICAS | stop",
        "RESET SLAVE | reset false",
        "RESET REPLICA ALL | reset true",
        "SET GLOBAL gtid_slave_pos = '0-1-5,1-2-3' | gtid_slave_pos 0-1-5,1-2-3",
        "SET @@global.gtid_slave_pos = '' | gtid_slave_pos ",
        "PURGE MASTER LOGS TO 'b.000003' | purge to b.000003",
        "PURGE BINARY LOGS BEFORE '2023-01-02 03:04:05' | purge before 2023-01-02T03:04:05Z",
        "PURGE BINARY LOGS BEFORE NOW() - INTERVAL 7 DAY | purge before 2023-11-07T22:13:20Z"
      })
  void shouldGiveOrders(String sql, String order) throws Exception {
    assertThat(rows(sql).columns()).isEmpty();
    assertThat(relay.control.orders)
        .containsExactly(order.strip().equals("gtid_slave_pos") ? "gtid_slave_pos " : order);
  }

  @Test
  void shouldTellRefusalsInTheServersWords() throws Exception {
    relay.control.refusal =
        new ControlException(1198, "HY000", "This operation cannot be performed");
    assertThat(ask("CHANGE MASTER TO MASTER_HOST='h'").error().code()).isEqualTo(1198);
    assertThat(rows("SHOW WARNINGS").value(0, "Code")).isEqualTo("1198");
    relay.control.refusal = null;
    assertThat(ask("CHANGE MASTER TO MASTER_DELAY=3").error().message()).contains("MASTER_DELAY");
    assertThat(ask("START SLAVE 'x'").error().code()).isEqualTo(1617);
    assertThat(ask("START SLAVE UNTIL MASTER_GTID_POS='0-1-1'").error().code()).isEqualTo(1235);
    assertThat(ask("SET GLOBAL gtid_slave_pos='0-1'").error().code()).isEqualTo(1941);
    assertThat(ask("SET GLOBAL gtid_slave_pos='0-1-1,0-1-2'").error().code()).isEqualTo(1943);
    assertThat(ask("SET GLOBAL gtid_slave_pos=5").error().code()).isEqualTo(1232);
    assertThat(ask("SET GLOBAL gtid_slave_pos=NULL").error().code()).isEqualTo(1231);
    assertThat(ask("SET GLOBAL gtid_binlog_pos=''").error().code()).isEqualTo(1238);
    assertThat(rows("PURGE BINARY LOGS BEFORE 'garbage'").columns()).isEmpty();
    assertThat(rows("SHOW WARNINGS").value(0, "Code")).isEqualTo("1292");
  }

  @Test
  void shouldHidePasswordsFromTheProcessList() throws Exception {
    rows("CHANGE MASTER TO MASTER_USER='u', MASTER_PASSWORD='very-secret'");
    ask("SHOW PROCESSLIST /* PASSWORD 'very-secret' */");
    assertThat(rows("SHOW FULL PROCESSLIST /* password 'very-secret' */").value(0, "Info"))
        .doesNotContain("very-secret")
        .startsWith("SHOW FULL PROCESSLIST");
  }

  @Test
  void shouldShowRegisteredReplicasUntilTheyLeave() throws Exception {
    ComRegisterSlave register = new ComRegisterSlave(12, "replica.example", "", "", 3307, 0, 0);
    byte[] answer =
        command(
            Command.REGISTER_SLAVE.code(),
            out -> {
              ByteBuf encoded = Unpooled.buffer();
              register.encode(encoded);
              out.writeBytes(encoded, 1, encoded.readableBytes() - 1);
            });
    assertThat(answer[4]).isZero();
    ResultSet hosts = rows("SHOW SLAVE HOSTS");
    assertThat(hosts.value(0, "Server_id")).isEqualTo("12");
    assertThat(hosts.value(0, "Host")).isEqualTo("replica.example");
    assertThat(hosts.value(0, "Port")).isEqualTo("3307");
    assertThat(hosts.value(0, "Master_id")).isEqualTo("1");
    client.eventLoop().submit(router::close).get();
    assertThat(relay.registry.all()).isEmpty();
  }

  private byte[] dump(String file, long position, int flags, long serverId) throws Exception {
    return command(Command.BINLOG_DUMP.code(), dumpOf(file, position, flags, serverId));
  }

  private static Consumer<ByteBuf> dumpOf(String file, long position, int flags, long serverId) {
    ComBinlogDump dump = new ComBinlogDump(position, flags, serverId, file);
    return out -> {
      ByteBuf encoded = Unpooled.buffer();
      dump.encode(encoded);
      out.writeBytes(encoded, 1, encoded.readableBytes() - 1);
    };
  }

  /** What a master says whose log begins anew while a replica reads. */
  @Test
  void shouldTellAReplicaAtOnceThatItsFileWasPurgedUnderIt() throws Exception {
    rows("SET @master_binlog_checksum='CRC32', @mariadb_slave_capability=4");
    relay.store.file("b.000002", log.startFile().transaction(100).bytes());
    relay.store.awaitVisible("b.000002", log.size());
    client.writable = false;
    begin(Command.BINLOG_DUMP.code(), dumpOf("b.000001", 4, 0, 9));
    Await.until(
        "the replica reads",
        Duration.ofSeconds(60),
        () ->
            relay.registry.all().stream()
                .anyMatch(replica -> replica.state().label().equals("catching up")));
    StoreTester.get(
        relay.store.store.purge(new PurgeRequest.Files(new BinlogFileId(1, "b.000002"), true)));
    client.writable = true;
    client.eventLoop().submit(() -> router.clientWritabilityChanged(true)).get();
    Await.until("the end", Duration.ofSeconds(60), () -> client.closed != null);
    assertThat(new String(client.takeWire(), StandardCharsets.ISO_8859_1))
        .contains("could not find next log; the first event 'b.000001' at 4,")
        .doesNotContain("I/O error");
  }

  @Test
  void shouldCutAStreamThatFails() throws Exception {
    rows("SET @master_binlog_checksum='CRC32', @mariadb_slave_capability=4");
    client.broken = true;
    begin(Command.BINLOG_DUMP.code(), dumpOf("b.000001", 4, 0, 9));
    Await.until("the end", Duration.ofSeconds(60), () -> client.closed != null);
    assertThat(client.closed).isEqualTo(CloseReason.INTERNAL_ERROR);
    assertThat(relay.registry.dumping()).isZero();
  }

  @Test
  void shouldCutAStreamThatFailsWhileTheReplicaWaits() throws Exception {
    rows("SET @master_binlog_checksum='CRC32', @master_heartbeat_period=100000000");
    begin(Command.BINLOG_DUMP.code(), dumpOf("b.000001", 4, 0, 9));
    Await.until(
        "the replica waits",
        Duration.ofSeconds(60),
        () ->
            relay.registry.all().stream()
                .anyMatch(replica -> replica.state() instanceof ReplicaState.Waiting));
    client.broken = true;
    Await.until("the end", Duration.ofSeconds(60), () -> client.closed != null);
    assertThat(client.closed).isEqualTo(CloseReason.INTERNAL_ERROR);
  }

  @Test
  void shouldEndANonBlockingDumpWithEof() throws Exception {
    rows("SET @master_binlog_checksum='CRC32', @mariadb_slave_capability=4");
    byte[] stream = dump("b.000001", 4, 1, 0);
    int length = stream.length;
    assertThat(
            List.of(stream[length - 5], stream[length - 4], stream[length - 3], stream[length - 2]))
        .containsExactly((byte) 0xfe, (byte) 0, (byte) 0, (byte) 2);
    assertThat(client.closed).isEqualTo(CloseReason.ROUTER_CLOSED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET @x=1 | b.000007 | 4 | 1236",
        "SET @x=1 | b.000001 | 99999 | 1236",
        "SET @slave_connect_state='0-1-99999' | '' | 4 | 1236",
        "SET @slave_connect_state='nonsense' | '' | 4 | 1941",
        "SET @slave_connect_state='0-1-1,0-1-2' | '' | 4 | 1943",
        "SET @slave_connect_state='', @slave_until_gtid='x' | '' | 4 | 1941"
      })
  void shouldRefuseDumpsAsAMasterDoesAndClose(String sql, String file, long position, int code)
      throws Exception {
    rows("SET @master_binlog_checksum='CRC32', @mariadb_slave_capability=4");
    rows(sql);
    assertThat(errorCode(dump(file, position, 0, 9))).isEqualTo(code);
    Await.until("the end", Duration.ofSeconds(60), () -> client.closed != null);
    assertThat(client.closed).isEqualTo(CloseReason.ROUTER_CLOSED);
  }

  @Test
  void shouldRefuseAReplicaThatDoesNotKnowChecksums() throws Exception {
    rows("SET @mariadb_slave_capability=4");
    byte[] stream = dump("b.000001", 4, 0, 9);
    assertThat(new String(stream, StandardCharsets.ISO_8859_1))
        .contains("Slave can not handle replication events with the checksum");
  }

  @Test
  void shouldRequireThePrivilege() throws Exception {
    client.eventLoop().submit(router::close).get();
    client.close();
    login(EnumSet.noneOf(Privilege.class));
    assertThat(errorCode(dump("b.000001", 4, 0, 9))).isEqualTo(1227);
    assertThat(errorCode(command(Command.REGISTER_SLAVE.code(), out -> out.writeZero(17))))
        .isEqualTo(1045);
  }

  @Test
  void shouldAnswerSimpleCommands() throws Exception {
    assertThat(command(Command.PING.code(), out -> {})[4]).isZero();
    assertThat(new String(command(Command.STATISTICS.code(), out -> {}), StandardCharsets.UTF_8))
        .contains("Uptime: 3600");
    assertThat(command(Command.SET_OPTION.code(), out -> out.writeShortLE(0))[4] & 0xff)
        .isEqualTo(0xfe);
    assertThat(errorCode(command(Command.INIT_DB.code(), out -> out.writeBytes("x".getBytes()))))
        .isEqualTo(1049);
    assertThat(errorCode(command(Command.STMT_PREPARE.code(), out -> out.writeByte('x'))))
        .isEqualTo(1295);
    assertThat(errorCode(command(0x77, out -> {}))).isEqualTo(1047);
    assertThat(errorCode(command(Command.BINLOG_DUMP.code(), out -> out.writeByte(1))))
        .isEqualTo(1835);
  }
}

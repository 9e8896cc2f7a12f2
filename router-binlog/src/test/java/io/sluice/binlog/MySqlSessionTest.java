package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's answers behind a MySQL source; what is expected real servers have answered. */
class MySqlSessionTest {
  private static final Capabilities CAPABILITIES = Capabilities.INTERNAL;
  private static final String UUID = "74a7f6e5-e57d-11f1-ac88-02fc00000001";

  @TempDir Path data;

  private LocalRelay relay;
  private FakeSession client;
  private BinlogRouterSession router;

  @BeforeEach
  void connect() throws Exception {
    relay = new LocalRelay(data);
    present("9.7.4", Map.of("gtid_mode", "ON", "transaction_isolation", "REPEATABLE-READ"));
  }

  private void present(String version, Map<String, String> more) {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "server_id", "97",
                "server_uuid", UUID,
                "version", version,
                "version_comment", "(Debian)",
                "binlog_checksum", "CRC32",
                "character_set_client", "utf8mb4",
                "collation_connection", "utf8mb4_0900_ai_ci",
                "gtid_executed", "",
                "sql_mode", "ONLY_FULL_GROUP_BY",
                "autocommit", "ON"));
    variables.put("max_allowed_packet", "67108864");
    variables.put("report_host", "");
    variables.put("port", "3306");
    variables.put("character_set_connection", "utf8mb4");
    variables.put("character_set_results", "utf8mb4");
    variables.putAll(more);
    relay.variables.set(variables, Map.of());
    if (client != null) {
      client.close();
    }
    client = new FakeSession(CAPABILITIES, Set.of(Privilege.REPLICATION_SLAVE));
    router = relay.session(client);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.eventLoop().submit(router::close).get();
    client.close();
    relay.close();
  }

  private byte[] command(int code, Consumer<ByteBuf> rest) throws Exception {
    ByteBuf packet = Unpooled.buffer().writeZero(4).writeByte(code);
    rest.accept(packet);
    packet.setMediumLE(0, packet.readableBytes() - 4);
    byte[] bytes = new byte[packet.readableBytes()];
    packet.readBytes(bytes);
    client.takeWire();
    client.complete = false;
    LocalRelay.route(client, router, bytes);
    client.awaitAnswer();
    return client.takeWire();
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "SELECT @@GLOBAL.SERVER_ID | 8 | 97",
        "SELECT @@GLOBAL.GTID_MODE | 253 | ON",
        "SELECT @@GLOBAL.SERVER_UUID | 253 | 74a7f6e5-e57d-11f1-ac88-02fc00000001",
        "select @@version_comment limit 1 | 253 | (Debian)",
        "SELECT @never_set | 253 | NULL",
        "SELECT 1 | 8 | 1",
        "SELECT CURRENT_ROLE() | 251 | NONE",
        "SELECT @@report_host | 253 | NULL",
        "SELECT @@gtid_next | 253 | AUTOMATIC",
        "SELECT GTID_SUBSET('3E11FA47-71CA-11E1-9E33-C80AA9429562:1-3','3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5') | 8 | 1",
        "SELECT GTID_SUBTRACT('3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3','3e11fa47-71ca-11e1-9e33-c80aa9429562:2') | 253 | 3e11fa47-71ca-11e1-9e33-c80aa9429562:1:3",
        "SELECT IS_UUID('3E11FA47-71CA-11E1-9E33-C80AA9429562') | 8 | 1",
        "SELECT LENGTH(UUID()) | 8 | 36",
        "SELECT WAIT_FOR_EXECUTED_GTID_SET('') | 8 | 0",
        "/*!80000 SELECT 1 */ | 8 | 1",
        "SELECT /*!090704 1 */ | 8 | 1",
        "SELECT /*!090705 1, */ 2 | 8 | 2",
        "SELECT /*!50600 1, /* x */ 3, */ 2 | 8 | 1",
        "SELECT /*M!100100 1, */ 2 | 8 | 2"
      })
  void shouldAnswerAndTypeAsMySql(String sql, int type, String value) throws Exception {
    ResultSet result = rows(sql);
    assertThat(result.value(0, 0)).isEqualTo(value);
    assertThat(result.columns().get(0).typeCode()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT $$ | 1064",
        "SELEC 1 | 1064",
        "SELECT nonsense | 1054",
        "SELECT nonsense() | 1046",
        "SELECT VERSION(1) | 1582",
        "SELECT binlog_gtid_pos('b.000001', 4) | 1046",
        "SELECT GTID_SUBSET('a', '') | 1772",
        "SELECT WAIT_FOR_EXECUTED_GTID_SET('', -1) | 1210",
        "SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS('') | 1046",
        "SELECT @@in_transaction | 1193",
        "SELECT @@global.gtid_domain_id | 1193",
        "SELECT @@global.rpl_semi_sync_source_enabled | 1193",
        "SELECT @@session.gtid_executed | 1238",
        "SELECT @@global.gtid_next | 1238",
        "SELECT @@local.port | 1238",
        "SET server_uuid = 'x' | 1238",
        "SET port = 1 | 1238",
        "SET server_id = 1 | 1229",
        "SET GLOBAL timestamp = 1 | 1228",
        "SET max_allowed_packet = 1024 | 1621",
        "SET PERSIST autocommit = 1 | 1235",
        "SET NAMES nonsense | 1115",
        "SET NAMES utf8mb4 COLLATE nonsense | 1273",
        "SET NAMES utf8mb4 COLLATE latin1_bin | 1253",
        "SET NAMES ucs2 | 1231",
        "SET sql_mode = 'NO_AUTO_CREATE_USER' | 1231",
        "SELECT policy_name FROM performance_schema.column_masking_policy | 1146",
        "SELECT DISTINCT F FROM INFORMATION_SCHEMA.FILES WHERE G IN ('d') | 1109",
        "SELECT * FROM d.t | 1235",
        "KILL 99 | 1094"
      })
  void shouldRefuseAsMySqlDoesAndGoOn(String sql, int code) throws Exception {
    assertThat(ask(sql).error().code()).as(sql).isEqualTo(code);
    assertThat(rows("SELECT 1").value(0, 0)).isEqualTo("1");
  }

  @Test
  void shouldSpeakAsAnOldServer() throws Exception {
    present("5.6.24-log", Map.of("gtid_mode", "ON", "tx_isolation", "READ-COMMITTED"));
    assertThat(ask("SELECT nonsense()").error().code()).isEqualTo(1305);
    assertThat(ask("SELECT $$").error().code()).isEqualTo(1054);
    assertThat(ask("SELECT CURRENT_ROLE()").error().code()).isEqualTo(1305);
    assertThat(ask("SET ROLE NONE").error().code()).isEqualTo(1193);
    assertThat(ask("SET NAMES utf8mb4 COLLATE utf8mb4_0900_ai_ci").error().code()).isEqualTo(1273);
    assertThat(ask("SELECT WAIT_FOR_EXECUTED_GTID_SET('')").error().code()).isEqualTo(1305);
    assertThat(ask("SELECT SOURCE_POS_WAIT('b.000001', 4)").error().code()).isEqualTo(1305);
    assertThat(rows("SELECT @@tx_isolation").value(0, 0)).isEqualTo("READ-COMMITTED");
    assertThat(rows("SELECT @@session.gtid_executed").value(0, 0)).isEmpty();
    rows("SET NAMES utf8");
    assertThat(rows("SELECT @@collation_connection").value(0, 0)).isEqualTo("utf8_general_ci");
    rows("SET sql_mode = 'TRADITIONAL'");
    assertThat(rows("SELECT @@sql_mode").value(0, 0))
        .isEqualTo(
            "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION");
    assertThat(rows("/*!50600 SELECT 1 */").value(0, 0)).isEqualTo("1");
    assertThat(rows("/*!50700 SELECT 1 */").columns()).isEmpty();
  }

  @Test
  void shouldNameTheServerInSyntaxErrors() throws Exception {
    assertThat(ask("SELECT 1 FROM").error().message())
        .isEqualTo(
            "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '' at line 1");
  }

  @Test
  void shouldKeepTwoVocabulariesApart() throws Exception {
    rows("SET @master_binlog_checksum = @@global.binlog_checksum, @b = 1.5, @c = NULL");
    assertThat(rows("SELECT @master_binlog_checksum").value(0, 0)).isEqualTo("CRC32");
    assertThat(rows("SELECT @source_binlog_checksum").value(0, 0)).isNull();
    rows("SET @master_binlog_checksum = 'NONE', @source_binlog_checksum = 'NONE'");
    assertThat(rows("SELECT @source_binlog_checksum").value(0, 0)).isEqualTo("NONE");
    assertThat(ask("SET @x = 1, nonsense = 2").error().code()).isEqualTo(1193);
    assertThat(rows("SELECT @x").value(0, 0)).isNull();
  }

  @Test
  void shouldOfferSemiSyncWhereTheSourceHasThePlugin() throws Exception {
    present("9.7.4", Map.of("rpl_semi_sync_source_enabled", "OFF"));
    assertThat(rows("SELECT @@global.rpl_semi_sync_source_enabled").value(0, 0)).isEqualTo("1");
    assertThat(ask("SELECT @@global.rpl_semi_sync_master_enabled").error().code()).isEqualTo(1193);
  }

  @Test
  void shouldWarnOfOldCharacterSets() throws Exception {
    rows("SET NAMES utf8");
    assertThat(rows("SHOW WARNINGS").value(0, 1)).isEqualTo("3719");
    assertThat(rows("SELECT @@collation_connection").value(0, 0)).isEqualTo("utf8mb3_general_ci");
    assertThat(rows("SHOW WARNINGS").isEmpty()).isTrue();
    rows("SET NAMES DEFAULT");
    assertThat(rows("SELECT @@collation_connection").value(0, 0)).isEqualTo("utf8mb4_0900_ai_ci");
    rows("SET collation_connection = utf8mb4_bin");
    assertThat(rows("SELECT @@character_set_connection").value(0, 0)).isEqualTo("utf8mb4");
  }

  @Test
  void shouldNotWaitForALogThatWasStopped() throws Exception {
    relay.control.config = relay.control.config.withWantsRunning(false);
    assertThat(rows("SELECT MASTER_POS_WAIT('b.000001', 4, 100)").value(0, 0)).isNull();
    assertThat(rows("SELECT SOURCE_POS_WAIT('b.000001', 4)").value(0, 0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROCESS_INFO", "PROCESS_KILL", "STMT_EXECUTE"})
  void shouldNotKnowCommandsThatTheServerHasNoMore(String name) throws Exception {
    byte[] answer = command(Command.valueOf(name).code(), out -> out.writeIntLE(1));
    assertThat(answer[4] & 0xff).isEqualTo(0xff);
    assertThat((answer[5] & 0xff) | (answer[6] & 0xff) << 8).isEqualTo(1047);
  }

  @Test
  void shouldTellStatisticsAndTheLackOfDatabases() throws Exception {
    byte[] statistics = command(Command.STATISTICS.code(), out -> {});
    assertThat(new String(statistics, 4, statistics.length - 4, StandardCharsets.UTF_8))
        .startsWith("Uptime: 3600  Threads: 1  Questions: 1  ");
    byte[] none = command(Command.INIT_DB.code(), out -> {});
    assertThat((none[5] & 0xff) | (none[6] & 0xff) << 8).isEqualTo(1046);
    byte[] unknown =
        command(
            Command.INIT_DB.code(), out -> out.writeBytes("d".getBytes(StandardCharsets.UTF_8)));
    assertThat((unknown[5] & 0xff) | (unknown[6] & 0xff) << 8).isEqualTo(1049);
    byte[] fields = command(Command.FIELD_LIST.code(), out -> out.writeBytes(new byte[] {'t', 0}));
    assertThat((fields[5] & 0xff) | (fields[6] & 0xff) << 8).isEqualTo(1046);
  }
}

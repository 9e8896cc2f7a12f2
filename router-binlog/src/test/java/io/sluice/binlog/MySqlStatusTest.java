package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.UseGtid;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Status and events of a relay with real logs of a MySQL source. */
class MySqlStatusTest {
  private static final Capabilities CAPABILITIES = Capabilities.INTERNAL;
  private static final String UUID = "133ab1ab-e527-11f1-9fac-02fc00000001";
  private static final String[] ONLY_MYSQL = {
    "retrieved_gtid_set", "auto_position", "master_uuid", "master_gtid_mode"
  };
  private static final Pattern PACKED = Pattern.compile("   in payload of (\\d+)  (.*)");

  /** How MySQL 9.7 names what the listings name. */
  private static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("FORMAT_DESCRIPTION", "Format_desc"),
          Map.entry("PREVIOUS_GTIDS", "Previous_gtids"),
          Map.entry("GTID", "Gtid"),
          Map.entry("GTID_TAGGED", "Gtid_tagged_log_event"),
          Map.entry("QUERY", "Query"),
          Map.entry("TABLE_MAP", "Table_map"),
          Map.entry("WRITE_ROWS", "Write_rows"),
          Map.entry("UPDATE_ROWS", "Update_rows"),
          Map.entry("DELETE_ROWS", "Delete_rows"),
          Map.entry("XID", "Xid"),
          Map.entry("INTVAR", "Intvar"),
          Map.entry("TRANSACTION_PAYLOAD", "Transaction_payload"),
          Map.entry("ROTATE", "Rotate"),
          Map.entry("STOP", "Stop"));

  @TempDir Path data;

  /** A row of SHOW BINLOG EVENTS. */
  private record Event(long position, String type, long server, long end, String info) {}

  private static Map<String, String> source(String version) {
    return Map.of(
        "server_id", "101",
        "server_uuid", UUID,
        "version", version,
        "gtid_mode", "ON",
        "binlog_checksum", "CRC32",
        "sql_mode", "",
        "autocommit", "ON");
  }

  private static void store(LocalRelay relay, String... files) {
    relay.store.resume();
    for (String file : files) {
      byte[] bytes = Samples.cleared(file);
      String name = file.substring(file.indexOf('/') + 1);
      relay.store.file(name, bytes);
      relay.store.awaitVisible(name, bytes.length);
    }
  }

  private static ResultSet rows(LocalRelay relay, String sql) throws Exception {
    ByteBuf packet = Unpooled.buffer().writeZero(4).writeByte(Command.QUERY.code());
    packet.writeCharSequence(sql, StandardCharsets.UTF_8);
    packet.setMediumLE(0, packet.readableBytes() - 4);
    byte[] bytes = new byte[packet.readableBytes()];
    packet.readBytes(bytes);
    try (FakeSession client =
        new FakeSession(
            CAPABILITIES, Set.of(Privilege.REPLICATION_SLAVE, Privilege.REPLICATION_CLIENT))) {
      BinlogRouterSession router = relay.session(client);
      LocalRelay.route(client, router, bytes);
      client.awaitAnswer();
      ResultSetReader reader = new ResultSetReader(CAPABILITIES);
      reader.feed(Unpooled.copiedBuffer(client.takeWire()));
      client.eventLoop().submit(router::close).get();
      assertThat(reader.error()).as(sql).isNull();
      return reader.result();
    }
  }

  private static Map<?, ?> part(LocalRelay relay, String name) {
    return (Map<?, ?>) relay.status.diagnostics().get(name);
  }

  private static MasterConfig byAutoPosition(MasterConfig from) {
    return new MasterConfig(
        from.origin(),
        from.host(),
        from.port(),
        from.user(),
        from.password(),
        from.tls(),
        UseGtid.SLAVE_POS,
        from.start(),
        from.heartbeatPeriod(),
        from.connectRetry(),
        from.retryCount(),
        from.publicKey(),
        from.mayBeginEpoch(),
        from.wantsRunning());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql-9.7/compressed.000001",
        "mysql-9.7/tagged.000001",
        "mysql-9.7/tagged.000002"
      })
  void shouldShowTheEventsOfRealFiles(String file) throws Exception {
    try (LocalRelay relay = new LocalRelay(data, source("9.7.4-2"))) {
      store(relay, file);
      String name = file.substring(file.indexOf('/') + 1);
      ResultSet result = rows(relay, "SHOW BINLOG EVENTS IN '" + name + "'");
      List<Event> shown = new ArrayList<>();
      for (int i = 0; i < result.size(); i++) {
        assertThat(result.value(i, "Log_name")).isEqualTo(name);
        shown.add(
            new Event(
                Long.parseLong(result.value(i, "Pos")),
                result.value(i, "Event_type"),
                Long.parseLong(result.value(i, "Server_id")),
                Long.parseLong(result.value(i, "End_log_pos")),
                plain(result.value(i, "Info"))));
      }
      assertThat(shown).containsExactlyElementsOf(listed(file));
    }
  }

  /** Without what a listing leaves out: the database of a statement, the value of a variable. */
  private static String plain(String info) {
    return info.replaceFirst("^use `[^`]*`; ", "").replaceFirst("^INSERT_ID=\\d+$", "Intvar");
  }

  private static List<Event> listed(String file) {
    List<Event> events = new ArrayList<>();
    long end = 0;
    for (String line :
        new String(Samples.bytes(file + ".txt"), StandardCharsets.UTF_8).split("\n")) {
      Matcher packed = PACKED.matcher(line);
      if (packed.matches()) {
        // Packed events have no place of their own: they stand where their pack ends.
        String[] fields = packed.group(2).split("  ", 6);
        events.add(event(end, end, fields[1], fields[2], fields[5]));
      } else if (Character.isDigit(line.charAt(0))) {
        String[] fields = line.split("  ", 7);
        end = Long.parseLong(fields[1]);
        events.add(event(Long.parseLong(fields[0]), end, fields[2], fields[3], fields[6]));
      }
    }
    return events;
  }

  private static Event event(long position, long end, String type, String server, String what) {
    String name = type.substring(0, type.indexOf('('));
    return new Event(position, LABELS.get(name), Long.parseLong(server), end, info(name, what));
  }

  private static String info(String type, String what) {
    return switch (type) {
      case "FORMAT_DESCRIPTION" -> "Server ver: 9.7.4-2, Binlog ver: 4";
      case "PREVIOUS_GTIDS" -> {
        String set = what.substring(what.indexOf("| ") + 2);
        yield set.equals("empty") ? "" : set.replace("aaaaaaaa-", ",\naaaaaaaa-");
      }
      case "GTID", "GTID_TAGGED" ->
          what.replaceFirst("gtid=(\\S+) .*", "SET @@SESSION.GTID_NEXT= '$1'");
      case "QUERY" ->
          what.replaceFirst("Query error_code=0 Xid = (\\d+)  \\| (.*)", "$2 /* xid=$1 */")
              .replaceFirst("Query error_code=0  \\| ", "");
      case "TABLE_MAP" ->
          what.replaceFirst(
              "Table_map: `(.*)`\\.`(.*)` mapped to number (\\d+)", "table_id: $3 ($1.$2)");
      case "WRITE_ROWS", "UPDATE_ROWS", "DELETE_ROWS" ->
          what.replaceFirst("\\w+: table id (\\d+)", "table_id: $1");
      case "XID" -> what.replaceFirst("Xid = (\\d+)", "COMMIT /* xid=$1 */");
      case "TRANSACTION_PAYLOAD" ->
          what.replaceFirst(
              ".*compression_type=(\\w+) uncompressed_size=(\\d+)",
              "compression='$1', decompressed_size=$2 bytes");
      case "ROTATE" -> what.replaceFirst("Rotate to (\\S+) pos: (\\d+)", "$1;pos=$2");
      case "STOP" -> "";
      default -> what;
    };
  }

  @Test
  void shouldUnpackNothingWhereTheServerDoesNot() throws Exception {
    try (LocalRelay relay = new LocalRelay(data, source("5.7.44"))) {
      store(relay, "mysql-9.7/compressed.000001");
      assertThat(rows(relay, "SHOW BINLOG EVENTS").size())
          .isEqualTo(Samples.listing("mysql-9.7/compressed.000001").size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5.6.24, SLAVE, 54, Auto_Position",
    "5.7.44, SLAVE, 57, Master_TLS_Version",
    "8.0.21, SLAVE, 59, Get_master_public_key",
    "8.0.22, REPLICA, 60, Network_Namespace",
    "8.0.36, SLAVE, 60, Network_Namespace",
    "9.7.4, REPLICA, 60, Network_Namespace"
  })
  void shouldHaveTheColumnsOfTheVersion(String version, String word, int count, String last)
      throws Exception {
    try (LocalRelay relay = new LocalRelay(data, source(version))) {
      List<String> names = rows(relay, "SHOW " + word + " STATUS").columnNames();
      assertThat(names).hasSize(count).doesNotHaveDuplicates().endsWith(last);
      assertThat(names.get(0))
          .isEqualTo(word.equals("SLAVE") ? "Slave_IO_State" : "Replica_IO_State");
    }
  }

  @Test
  void shouldTellAdministratorsWhatReplicaStatusTells() throws Exception {
    try (LocalRelay relay = new LocalRelay(data, source("9.7.4-2"))) {
      relay.control.config = byAutoPosition(relay.control.config);
      store(relay, "mysql-9.7/tagged.000002");
      ResultSet status = rows(relay, "SHOW REPLICA STATUS");
      String executed = Samples.executed("mysql-9.7/tagged");
      assertThat(part(relay, "store").get("gtid_executed"))
          .isEqualTo(executed)
          .isEqualTo(status.value(0, "Executed_Gtid_Set"));
      assertThat(part(relay, "store").get("gtid_purged"))
          .isEqualTo(
              UUID
                  + ":1-4:blue:1-2:tag_of_exactly_thirty_two_chars_:1,\naaaaaaaa-1111-2222-3333-bbbbbbbbbbbb:77:90:red:1000000000000");
      assertThat(part(relay, "link").get("retrieved_gtid_set"))
          .isEqualTo(UUID + ":5:green:1")
          .isEqualTo(status.value(0, "Retrieved_Gtid_Set"));
      assertThat(part(relay, "link").get("master_uuid"))
          .isEqualTo(UUID)
          .isEqualTo(status.value(0, "Source_UUID"));
      assertThat(part(relay, "link").get("master_gtid_mode")).isEqualTo("ON");
      assertThat(part(relay, "link").get("auto_position")).isEqualTo(true);
      assertThat(status.value(0, "Auto_Position")).isEqualTo("1");
    }
  }

  @Test
  void shouldTellNothingOfMySqlToThoseWhoFollowMariaDb() throws Exception {
    try (LocalRelay relay = new LocalRelay(data)) {
      for (String name : ONLY_MYSQL) {
        assertThat(part(relay, "link").get(name)).as(name).isNull();
      }
      assertThat(part(relay, "store").keySet().toString()).doesNotContain("gtid");
      relay.variables.set(source("9.7.4"), Map.of());
      for (String name : ONLY_MYSQL) {
        assertThat(part(relay, "link").get(name)).as(name).isNotNull();
      }
      store(relay, "mariadb-11.8/small.000001");
      for (String name : ONLY_MYSQL) {
        assertThat(part(relay, "link").get(name)).as(name).isNull();
      }
    }
  }
}

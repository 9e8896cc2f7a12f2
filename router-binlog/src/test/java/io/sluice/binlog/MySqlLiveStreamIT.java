package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireError;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of a real MySQL source and of the relay behind it that have no end. */
@RequiresServer("mysql-9.7")
class MySqlLiveStreamIT {
  private static final int HEARTBEAT_V2 = 0x02;
  private static final int EVENT_TYPE = 4;
  private static final List<String> CHECKSUM =
      List.of("SET @master_binlog_checksum='CRC32', @source_binlog_checksum='CRC32'");

  @TempDir static Path data;

  private static MySqlServer source;
  private static RelayHarness relay;

  @BeforeAll
  static void startAll() throws Exception {
    BlockingGuard.install();
    source = MySqlServer.builder("mysql-9.7").serverId(1).binlog("m-bin").gtid().semiSync().start();
    source.execute("SET GLOBAL rpl_semi_sync_source_enabled=OFF");
    RelayHarness.createUser(source);
    source.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT)");
    relay = RelayHarness.start(data, source);
    relay.awaitEnd(source);
  }

  @AfterAll
  static void stopAll() {
    relay.close();
    source.close();
  }

  /** A client that has asked for the log. */
  private static WireClient dump(int port, List<String> statements, byte... command) {
    WireClient client =
        WireClient.connect("127.0.0.1", port, RelayHarness.USER, RelayHarness.PASSWORD);
    CHECKSUM.forEach(client::query);
    statements.forEach(client::query);
    client.command(command);
    return client;
  }

  private static byte[] all(int flags, long serverId) {
    return DumpStream.dumpGtid(
        "", 4, flags, serverId, MySqlSourceAndRelay.encoded(source.gtidExecuted()));
  }

  private static List<String> read(WireClient client, int count) {
    List<String> packets = new ArrayList<>();
    while (packets.size() < count) {
      packets.add(DumpStream.text(client.read()));
    }
    return packets;
  }

  private static int type(WirePacket packet) {
    return packet.payload()[1 + EVENT_TYPE] & 0xff;
  }

  private static void insert() throws Exception {
    source.execute("INSERT INTO d.t VALUES ()");
    relay.awaitEnd(source);
  }

  /** ROTATE, FORMAT_DESCRIPTION, PREVIOUS_GTIDS, how far was skipped, and again each period. */
  @Test
  void shouldSayWhereItIsAsTheSource() throws Exception {
    insert();
    List<String> period =
        List.of("SET @master_heartbeat_period=100000000, @source_heartbeat_period=100000000");
    for (int flags : new int[] {0, HEARTBEAT_V2}) {
      byte[] dump = all(flags, 71 + flags);
      try (WireClient direct = dump(source.port(), period, dump);
          WireClient relayed = dump(relay.port(), period, dump)) {
        List<String> wanted = read(direct, 6);
        assertThat(read(relayed, 6)).as("flags %d", flags).isEqualTo(wanted);
        assertThat(wanted.get(4).substring(2)).isEqualTo(wanted.get(5).substring(2));
      }
    }
  }

  @Test
  void shouldGoOnBehindWhatWasSkippedAsTheSource() throws Exception {
    byte[] dump = all(HEARTBEAT_V2, 75);
    try (WireClient direct = dump(source.port(), List.of(), dump);
        WireClient relayed = dump(relay.port(), List.of(), dump)) {
      assertThat(read(relayed, 4)).isEqualTo(read(direct, 4));
      insert();
      assertThat(read(relayed, 5)).isEqualTo(read(direct, 5));
      source.execute("FLUSH BINARY LOGS");
      relay.awaitEnd(source);
      assertThat(read(relayed, 4)).isEqualTo(read(direct, 4));
    }
  }

  private static String uuid(int number) {
    return "SET @slave_uuid='00000000-0000-0000-0000-00000000000"
        + number
        + "', @replica_uuid='00000000-0000-0000-0000-00000000000"
        + number
        + "'";
  }

  /** The older one of two with the same UUID ends; one server id may have several UUIDs. */
  private static String supersede(int port) throws Exception {
    // Something to skip, also where another test has just begun a file: that is the fourth packet.
    insert();
    try (WireClient first = dump(port, List.of(uuid(1)), all(HEARTBEAT_V2, 81))) {
      read(first, 4);
      try (WireClient other = dump(port, List.of(uuid(2)), all(HEARTBEAT_V2, 81))) {
        read(other, 4);
        try (WireClient second = dump(port, List.of(uuid(1)), all(HEARTBEAT_V2, 82))) {
          read(second, 4);
          // A source that is just about to wait notices only with the next event.
          insert();
          WirePacket last = first.read();
          while (!last.isError()) {
            last = first.read();
          }
          WireError error = WireError.parse(last);
          // What was sent last, which the text ends with, is a matter of time.
          return error.code() + " " + error.text().replaceFirst("; the first event .*", "");
        }
      }
    }
  }

  @Test
  void shouldEndTheOlderOneOfTwoAsTheSource() throws Exception {
    String wanted = supersede(source.port());
    assertThat(wanted)
        .startsWith("1236 A replica with the same server_uuid/server_id as this replica has");
    assertThat(supersede(relay.port())).isEqualTo(wanted);
  }

  @Test
  void shouldPutTheSemiSyncHeaderInFrontOfEveryEvent() throws Exception {
    insert();
    for (String word : List.of("rpl_semi_sync_replica", "rpl_semi_sync_slave")) {
      List<String> statements = List.of("SET @" + word + "=1");
      byte[] dump = DumpStream.dumpGtid("", 4, 0x03, 83, MySqlSourceAndRelay.encoded(""));
      List<String> wanted = DumpStream.read(source.port(), with(statements), dump);
      assertThat(DumpStream.read(relay.port(), with(statements), dump)).as(word).isEqualTo(wanted);
    }
  }

  private static List<String> with(List<String> statements) {
    List<String> all = new ArrayList<>(CHECKSUM);
    all.addAll(statements);
    return all;
  }

  /** What a MariaDB replica says, and only that. */
  @Test
  void shouldRefuseAMariaDbReplica() {
    try (WireClient replica =
        WireClient.connect("127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD)) {
      replica.query("SET @mariadb_slave_capability=4");
      replica.command(
          new WireWriter().u1(0x15).u4(91).u1(0).u1(0).u1(0).u2(0).u4(0).u4(0).toBytes());
      replica.expectOk();
      replica.command(DumpStream.dump("", 4, 0, 91));
      assertThat(replica.expectError(1236).text())
          .contains("that of a MySQL server", "the replica is a MariaDB server");
    }
  }

  /** A reader that speaks the words of both families is served as a source serves it. */
  @Test
  void shouldServeAReaderOfBothFamilies() {
    List<String> both = List.of("SET @mariadb_slave_capability=4", uuid(5));
    byte[] dump = DumpStream.dump("m-bin.000001", 4, 0x01, 92);
    assertThat(DumpStream.read(relay.port(), with(both), dump))
        .isEqualTo(DumpStream.read(source.port(), with(both), dump));
  }

  @Test
  void shouldSendOnlyWhatIsLackedWhileOthersAreSkipped() throws Exception {
    insert();
    try (WireClient tail =
        dump(
            relay.port(),
            List.of(),
            DumpStream.dumpGtid(
                "", 4, 0x01, 93, MySqlSourceAndRelay.encoded(source.serverUuid() + ":1-2")))) {
      List<Integer> types = new ArrayList<>();
      for (WirePacket packet = tail.read(); !packet.isEof(); packet = tail.read()) {
        types.add(type(packet));
      }
      assertThat(types).startsWith(4, 15, 35, 27, 33);
    }
  }
}

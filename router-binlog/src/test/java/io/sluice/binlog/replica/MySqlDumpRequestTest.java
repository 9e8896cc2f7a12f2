package io.sluice.binlog.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.StartRequest;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a dump command means to a MySQL source, by its version and the words of the replica. */
class MySqlDumpRequestTest {
  private static final String UUID = "7d9eacdb-e529-11f1-a71f-02fc00000001";
  private static final int HEARTBEAT_V2 = 0x02;

  private final Map<String, String> source = new HashMap<>(Map.of("version", "9.7.4"));
  private final Map<String, @Nullable String> variables = new HashMap<>();

  private PresentedSource presented() {
    return PresentedSource.of(source::get, MariaDbGtidList.EMPTY);
  }

  private DumpRequest.Variables words() {
    return new DumpRequest.Variables() {
      @Override
      public @Nullable String value(String name) {
        return variables.get(name);
      }

      @Override
      public boolean isSet(String name) {
        return variables.containsKey(name);
      }
    };
  }

  private DumpRequest dump(int flags) {
    return DumpRequest.of(
        presented(), new ComBinlogDump(4, flags, 2, "bin.000001"), words(), false);
  }

  private DumpRequest dumpGtid(long position, byte... set) {
    return DumpRequest.of(
        presented(), new ComBinlogDumpGtid(HEARTBEAT_V2, 2, "", position, set), words());
  }

  private static byte[] encoded(String set) {
    ByteBuf out = Unpooled.buffer();
    MySqlGtidSet.parse(set).encode(out, false);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  @Test
  void shouldTakeTheSecondFlagForTheNewHeartbeatAndNotForAnnotateRows() {
    assertThat(dump(HEARTBEAT_V2).heartbeatV2()).isTrue();
    assertThat(dump(HEARTBEAT_V2).annotateRows()).isFalse();
    assertThat(dump(0).heartbeatV2()).isFalse();
    source.put("version", "8.0.25");
    assertThat(dump(HEARTBEAT_V2).heartbeatV2()).isFalse();
    source.put("version", "10.11.19-MariaDB");
    assertThat(dump(HEARTBEAT_V2).annotateRows()).isTrue();
    assertThat(dump(HEARTBEAT_V2).heartbeatV2()).isFalse();
  }

  @Test
  void shouldReadTheNewerWordFirstBeItNull() {
    variables.put("master_heartbeat_period", "7000000000");
    assertThat(dump(0).heartbeat()).isEqualTo(Duration.ofSeconds(7));
    variables.put("source_heartbeat_period", "5000000000");
    assertThat(dump(0).heartbeat()).isEqualTo(Duration.ofSeconds(5));
    variables.put("master_binlog_checksum", "CRC32");
    assertThat(dump(0).checksums()).isEqualTo(DumpRequest.Checksums.CRC32);
    variables.put("source_binlog_checksum", null);
    assertThat(dump(0).checksums()).isEqualTo(DumpRequest.Checksums.UNKNOWN);
    variables.put("source_binlog_checksum", "x");
    assertThat(dump(0).checksums()).isEqualTo(DumpRequest.Checksums.NONE);
    assertThat(dump(0).uuid()).isNull();
    variables.put("slave_uuid", UUID);
    assertThat(dump(0).uuid()).isEqualTo(UUID);
    variables.put("replica_uuid", UUID.replace('7', '8') + " and more");
    assertThat(dump(0).uuid()).isEqualTo(UUID.replace('7', '8'));
  }

  @Test
  void shouldKnowSemiSyncReplicasByTheWordOfThePluginThatIsThere() {
    variables.put("rpl_semi_sync_replica", "1");
    assertThat(dump(0).semiSync()).as("no plugin").isFalse();
    source.put("rpl_semi_sync_master_enabled", "ON");
    assertThat(dump(0).semiSync()).as("the old one").isFalse();
    source.put("rpl_semi_sync_source_enabled", "OFF");
    assertThat(dump(0).semiSync()).as("the new one").isTrue();
    variables.put("rpl_semi_sync_replica", "0");
    variables.put("rpl_semi_sync_slave", "1");
    assertThat(dump(0).semiSync()).as("both").isTrue();
    source.remove("rpl_semi_sync_master_enabled");
    assertThat(dump(0).semiSync()).as("the new one, the old word").isFalse();
  }

  @Test
  void shouldAskTheStoreByItsFamily() {
    assertThat(dump(0).start(presented())).isInstanceOf(StartRequest.MySqlPosition.class);
    DumpRequest gtid = dumpGtid(4, encoded(UUID + ":1-5:blue:7"));
    assertThat(gtid.isGtid()).isTrue();
    assertThat(gtid.position(true)).isEqualTo(UUID + ":1-5:blue:7");
    StartRequest.MySqlGtids start = (StartRequest.MySqlGtids) gtid.start(presented());
    assertThat(start.executed()).isEqualTo(MySqlGtidSet.parse(UUID + ":1-5:blue:7"));
    assertThat(start.position()).isEqualTo(4);
    assertThat(dumpGtid(-1, encoded("")).position()).as("2^64-1").isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> dumpGtid(4, (byte) 1, (byte) 2))
        .isInstanceOfSatisfying(
            GtidFormatException.class, e -> assertThat(e.errorCode()).isEqualTo(1773));
  }

  @Test
  void shouldTellReplicasOfTheOtherFamilyOnly() {
    assertThat(dump(0).foreign(presented(), true)).as("says nothing").isNull();
    variables.put("mariadb_slave_capability", "4");
    assertThat(dump(0).foreign(presented(), true)).contains("MySQL server", "MariaDB server");
    assertThat(dump(0).foreign(presented(), false)).as("a tool").isNull();
    variables.put("slave_uuid", UUID);
    assertThat(dump(0).foreign(presented(), true)).as("a reader of both").isNull();
    source.put("version", "11.8.9-MariaDB");
    assertThat(dump(0).foreign(presented(), true)).as("a reader of both").isNull();
    variables.remove("mariadb_slave_capability");
    assertThat(dump(0).foreign(presented(), true)).contains("MySQL server", "MariaDB server");
    assertThat(dump(0).foreign(presented(), false)).as("a tool").isNull();
    variables.remove("slave_uuid");
    assertThat(dumpGtid(4, encoded("")).foreign(presented(), false)).contains("MariaDB server");
  }

  @Test
  void shouldEndTheOlderDumpOfTheSameReplica() {
    ReplicaRegistry registry = new ReplicaRegistry();
    StringBuilder ended = new StringBuilder();
    long session = 0;
    for (String uuid : new String[] {"a", "b", "a", null, null}) {
      Replica replica = new Replica(++session, "repl", "here");
      replica.uuid(uuid);
      String name = String.valueOf(session);
      replica.dump(7, true, false, () -> ended.append(name));
      registry.beginDump(replica, true);
    }
    assertThat(ended.toString()).as("one id, three replicas").isEqualTo("14");
    Replica tool = new Replica(9, "tool", "here");
    tool.dump(0, false, false, () -> ended.append("tool"));
    registry.beginDump(tool, true);
    registry.beginDump(tool, true);
    assertThat(ended.toString()).isEqualTo("14");
    Replica ofMariaDb = new Replica(10, "repl", "here");
    ofMariaDb.uuid("c");
    ofMariaDb.dump(7, true, false, () -> {});
    registry.beginDump(ofMariaDb, false);
    assertThat(ended.toString()).as("by its id").isEqualTo("145");
  }
}

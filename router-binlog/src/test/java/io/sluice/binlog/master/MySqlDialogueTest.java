package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import io.sluice.mysql.result.ResultSet;
import io.sluice.testkit.scripted.BinlogEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The questions of a 9.7 replica, as the captures show them, and what their answers lead to. */
class MySqlDialogueTest {
  private static final String OWN = "d8a1c4f2-0000-11f0-8000-000000000001";
  private static final String A = "aaaaaaaa-0000-11f0-8000-00000000000a";
  private static final String B = "bbbbbbbb-0000-11f0-8000-00000000000b";
  private static final ReplyError UNKNOWN = new ReplyError(1193, "HY000", "Unknown variable");

  private final DialogueRecorder recorder = new DialogueRecorder();
  private boolean semiSync;
  private boolean byGtid;
  private boolean mayBeginEpoch;

  private MasterDialogue dialogue(String start, StoredEnd end) {
    return new MasterDialogue(
        new Wishes(
            4711,
            OWN,
            StartPoint.parse(start),
            Duration.ofSeconds(10),
            "relay.example",
            4001,
            semiSync,
            byGtid,
            mayBeginEpoch),
        end,
        recorder,
        recorder);
  }

  private static StoredEnd empty() {
    return new StoredEnd(ResumePoint.EMPTY, null, "");
  }

  /** A store that ends behind an event of 31 bytes. */
  private static StoredEnd end(String file, long offset, String gtids, String sourceUuid) {
    BinlogEvents log = new BinlogEvents(file, 1, true);
    log.formatDescription("9.7.4", false);
    byte[] event = log.stored().get(0);
    return new StoredEnd(
        new ResumePoint(
            new BinlogFileId(1, file),
            offset,
            MySqlGtidSet.parse(gtids),
            FormatDescription.decode(Unpooled.wrappedBuffer(event), 0, event.length)),
        new StoredTail(offset - 31, new byte[31]),
        sourceUuid);
  }

  private void toGtids(MasterDialogue dialogue, String version, String uuid) {
    dialogue.begin();
    dialogue.onResult(Results.value("1700000000"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(
        Results.rows(
            2,
            new String[] {"log_bin", "ON"},
            new String[] {"server_id", "1"},
            new String[] {"server_uuid", uuid},
            new String[] {"version", version}));
    dialogue.onResult(Results.ok());
    dialogue.onResult(Results.ok());
    dialogue.onResult(Results.value("CRC32"));
  }

  private static ResultSet gtids(String mode, String owned, String executed, String purged) {
    return Results.rows(4, new String[] {mode, owned, executed, purged});
  }

  private void prelude(MasterDialogue dialogue, String uuid, ResultSet gtids) {
    toGtids(dialogue, "9.7.4", uuid);
    dialogue.onResult(gtids);
    dialogue.onResult(Results.ok());
  }

  private static ResultSet files(String... names) {
    String[][] rows = new String[names.length][];
    for (int i = 0; i < names.length; i++) {
      rows[i] = new String[] {names[i], "1000", "No"};
    }
    return Results.rows(3, rows);
  }

  private static ResultSet head(String file, String previous) {
    return Results.rows(
        6,
        new String[] {file, "4", "Format_desc", "1", "127", "Server ver: 9.7.4, Binlog ver: 4"},
        new String[] {file, "127", "Previous_gtids", "1", "200", previous});
  }

  private void assertFatal(int code, String... texts) {
    assertThat(recorder.refused).isNotNull();
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.code()).isEqualTo(code);
    assertThat(recorder.refused.message()).contains(texts);
    assertThat(recorder.asked).doesNotContain("COM_REGISTER_SLAVE");
  }

  @Test
  void shouldAskWhatAReplicaAsksInTheWordsOfAllVersions() {
    MasterDialogue dialogue = dialogue("first", empty());
    prelude(dialogue, A, gtids("OFF", "", "", ""));
    assertThat(recorder.asked)
        .containsExactly(
            "SELECT UNIX_TIMESTAMP()",
            "SHOW VARIABLES LIKE 'SERVER_ID'",
            "SHOW GLOBAL VARIABLES",
            "SET @master_heartbeat_period = 10000000000, @source_heartbeat_period = 10000000000",
            "SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum",
            "SELECT @source_binlog_checksum",
            "SELECT @@GLOBAL.GTID_MODE, @@GLOBAL.GTID_OWNED, @@GLOBAL.GTID_EXECUTED, @@GLOBAL.GTID_PURGED",
            "SET @slave_uuid = '" + OWN + "', @replica_uuid = '" + OWN + "'",
            "COM_REGISTER_SLAVE");
    assertThat(recorder.variables).containsEntry("server_uuid", A);
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, ""));
    assertThat(recorder.checksums).isTrue();
  }

  @Test
  void shouldNotAskAnOldServerForTheNewHeartbeat() {
    MasterDialogue dialogue = dialogue("first", empty());
    toGtids(dialogue, "5.6.24-log", A);
    dialogue.onResult(gtids("OFF", "", "", ""));
    dialogue.onResult(Results.ok());
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 0, 4711, ""));
  }

  @Test
  void shouldFollowAServerWithoutChecksumsAndGtids() {
    MasterDialogue dialogue = dialogue("first", empty());
    dialogue.begin();
    dialogue.onResult(Results.value("1700000000"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(Results.rows(2, new String[] {"version", "5.5.62"}));
    dialogue.onResult(Results.ok());
    dialogue.onError(UNKNOWN);
    dialogue.onResult(Results.ok());
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 0, 4711, ""));
    assertThat(recorder.checksums).isFalse();
  }

  @Test
  void shouldStopAtASourceWithOurUuid() {
    MasterDialogue dialogue = dialogue("first", empty());
    dialogue.begin();
    dialogue.onResult(Results.value("1"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(
        Results.rows(2, new String[] {"server_uuid", OWN}, new String[] {"version", "9.7.4"}));
    assertFatal(1593, "equal MySQL server UUIDs", OWN);
  }

  @Test
  void shouldStopAtASourceWithoutGtidsWhenToldToGoByThem() {
    byGtid = true;
    MasterDialogue dialogue = dialogue("first", empty());
    prelude(dialogue, A, gtids("OFF_PERMISSIVE", "", "", ""));
    assertFatal(
        1593,
        "cannot start in AUTO_POSITION mode: the source server has GTID_MODE = OFF_PERMISSIVE instead of ON.");
  }

  @Test
  void shouldAskForTheLastEventAgain() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7", A));
    prelude(dialogue, A, gtids("ON", "", A + ":1-9", ""));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(500, 2, 4711, "m.000002"));
  }

  @Test
  void shouldResumeWhereTransactionsStillWaitForOurAcknowledgement() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7:t:1", A));
    prelude(dialogue, A, gtids("ON", A + ":7#15:t:1#16", A + ":1-6", ""));
    assertThat(recorder.refused).isNull();
    assertThat(recorder.last()).isEqualTo("COM_REGISTER_SLAVE");
  }

  @Test
  void shouldNameAPlaceBeyondFourGigabytesByTheRequestForGtids() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 5_000_000_031L, A + ":1-7", A));
    prelude(dialogue, A, gtids("ON", "", A + ":1-9", ""));
    dialogue.onRegistered();
    assertThat(recorder.command.command()).isEqualTo(Command.BINLOG_DUMP_GTID);
    ByteBuf payload = Unpooled.buffer();
    recorder.command.body().accept(payload);
    ComBinlogDumpGtid dump = ComBinlogDumpGtid.decode(payload);
    assertThat(dump.position()).isEqualTo(5_000_000_000L);
    assertThat(dump.file()).isEqualTo("m.000002");
    assertThat(dump.gtidSet()).isEqualTo(new byte[8]);
  }

  @Test
  void shouldReadAgainWhatNoRequestCanName() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 5_000_000_031L, "", A));
    prelude(dialogue, A, gtids("OFF", "", "", ""));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, "m.000002"));
  }

  @Test
  void shouldReadAgainWhatAnOldServerWouldLeaveOut() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 5_000_000_031L, A + ":1-7", A));
    toGtids(dialogue, "5.6.24-log", A);
    dialogue.onResult(gtids("ON", "", A + ":1-9", ""));
    dialogue.onResult(Results.ok());
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 0, 4711, "m.000002"));
  }

  @Test
  void shouldStopAtAnotherServer() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7", A));
    prelude(dialogue, B, gtids("ON", "", A + ":1-9", ""));
    assertThat(recorder.last()).isEqualTo("SHOW BINARY LOGS");
    dialogue.onResult(files("m.000001", "m.000002"));
    assertFatal(1593, "server_uuid is " + B, "came from " + A, "SOURCE_AUTO_POSITION = 1");
  }

  @Test
  void shouldStopAtASourceThatWasSetBack() {
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7", A));
    prelude(dialogue, A, gtids("ON", "", A + ":1-5", ""));
    dialogue.onError(new ReplyError(1227, "42000", "Access denied"));
    assertFatal(1593, "has not executed '" + A + ":6-7', which our store has", "not ours");
  }

  @Test
  void shouldBeginAtTheNewestFileBehindAGtidSet() {
    MasterDialogue dialogue = dialogue(A + ":1-100", empty());
    prelude(dialogue, A, gtids("ON", "", A + ":1-200", A + ":1-10"));
    dialogue.onResult(files("m.1", "m.2", "m.3"));
    assertThat(recorder.last()).isEqualTo("SHOW BINLOG EVENTS IN 'm.3' LIMIT 2");
    dialogue.onResult(head("m.3", A + ":1-150"));
    dialogue.onResult(head("m.2", A + ":1-90"));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, "m.2"));
  }

  @Test
  void shouldNotBeginBehindAGtidSetThatIsPurged() {
    MasterDialogue dialogue = dialogue(A + ":1-100", empty());
    prelude(dialogue, A, gtids("ON", "", A + ":1-200," + B + ":1-9", A + ":1-10," + B + ":1-3"));
    assertFatal(1593, "start: " + A + ":1-100", "purged " + B + ":1-3");
    // SHOW VARIABLES would have cut a long one off.
    assertThat(recorder.variables).containsEntry("gtid_purged", A + ":1-10,\n" + B + ":1-3");
  }

  @Test
  void shouldRefuseAPositionOfMariaDbAsTheStart() {
    MasterDialogue dialogue = dialogue("0-1-5", empty());
    prelude(dialogue, A, gtids("ON", "", "", ""));
    assertFatal(1593, "start: 0-1-5 (expected: a GTID set of MySQL");
  }

  @Test
  void shouldAskForSemiSyncInTheNewWordThenInTheOldOne() {
    semiSync = true;
    MasterDialogue dialogue = dialogue("first", empty());
    prelude(dialogue, A, gtids("OFF", "", "", ""));
    dialogue.onRegistered();
    assertThat(recorder.last()).isEqualTo("SELECT @@global.rpl_semi_sync_source_enabled");
    dialogue.onError(UNKNOWN);
    assertThat(recorder.last()).isEqualTo("SELECT @@global.rpl_semi_sync_master_enabled");
    dialogue.onResult(Results.value("0"));
    assertThat(recorder.last())
        .isEqualTo("SET @rpl_semi_sync_replica = 1, @rpl_semi_sync_slave = 1");
    dialogue.onResult(Results.ok());
    assertThat(recorder.acknowledges).isTrue();
  }

  @Test
  void shouldDoWithoutSemiSyncWhereNoPluginIs() {
    semiSync = true;
    MasterDialogue dialogue = dialogue("first", empty());
    prelude(dialogue, A, gtids("OFF", "", "", ""));
    dialogue.onRegistered();
    dialogue.onError(UNKNOWN);
    dialogue.onError(UNKNOWN);
    assertThat(recorder.acknowledges).isFalse();
    assertThat(recorder.dump).isNotNull();
  }

  private MasterDialogue toAnother(String ours, ResultSet gtids) {
    byGtid = true;
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, ours, A));
    prelude(dialogue, B, gtids);
    return dialogue;
  }

  @Test
  void shouldBeginAnEpochAtTheNewestFileThatHoldsOurEnd() {
    String executed = A + ":1-9," + B + ":1-4";
    MasterDialogue dialogue = toAnother(A + ":1-7", gtids("ON", "", executed, ""));
    dialogue.onResult(files("x.1", "x.2", "x.3"));
    dialogue.onResult(head("x.3", A + ":1-7,\n" + B + ":1"));
    assertThat(recorder.last()).isEqualTo("SHOW BINLOG EVENTS IN 'x.2' LIMIT 2");
    dialogue.onResult(head("x.2", A + ":1-3"));
    assertThat(recorder.epoch).isEqualTo("x.2");
    assertThat(recorder.asked).doesNotContain("COM_REGISTER_SLAVE");
    dialogue.onEpochReady();
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, "x.2"));
  }

  @Test
  void shouldRefuseANewSourceThatLacksWhatWeHave() {
    toAnother(A + ":1-7", gtids("ON", "", A + ":1-5," + B + ":1-4", ""));
    assertFatal(1236, "has not executed '" + A + ":6-7', which our store has");
  }

  @Test
  void shouldRefuseANewSourceThatPurgedWhatWeNeed() {
    toAnother(A + ":1-7", gtids("ON", "", A + ":1-9," + B + ":1-4", A + ":1-3," + B + ":1-2"));
    assertFatal(1236, "purged required binary logs", "missing transactions are '" + B + ":1-2'");
  }

  @Test
  void shouldRefuseANewSourceWhoseOldestFileBeginsBehindOurEnd() {
    MasterDialogue dialogue = toAnother(A + ":1-7", gtids("ON", "", A + ":1-9", ""));
    dialogue.onResult(files("x.8"));
    dialogue.onResult(head("x.8", A + ":1-8"));
    assertFatal(1236, "purged required binary logs", "missing transactions are '" + A + ":8'");
    assertThat(recorder.epoch).isNull();
  }

  @Test
  void shouldRefuseAnotherSourceWithoutGtidsOfOurOwn() {
    toAnother("", gtids("ON", "", B + ":1-4", ""));
    assertFatal(1593, "our store holds no GTIDs");
  }

  @Test
  void shouldNotBeginAnEpochAtTheSameSource() {
    byGtid = true;
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7", A));
    prelude(dialogue, A, gtids("ON", "", A + ":1-9", ""));
    assertThat(recorder.last()).isEqualTo("SHOW BINLOG EVENTS IN 'm.000002' FROM 500 LIMIT 1");
    dialogue.onResult(
        Results.rows(6, new String[] {"m.000002", "500", "Xid", "1", "531", "COMMIT"}));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(500, 2, 4711, "m.000002"));
    assertThat(recorder.epoch).isNull();
  }

  @Test
  void shouldBeginAnEpochAtTheSameSourceWhenItsFilesAreOthers() {
    byGtid = true;
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", end("m.000002", 531, A + ":1-7", A));
    prelude(dialogue, A, gtids("ON", "", A + ":1-9", A + ":1-7"));
    dialogue.onError(new ReplyError(1220, "HY000", "Could not find target log"));
    dialogue.onResult(files("m.000001"));
    dialogue.onResult(head("m.000001", A + ":1-7"));
    assertThat(recorder.epoch).isEqualTo("m.000001");
  }
}

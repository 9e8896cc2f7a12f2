package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.result.ResultSet;
import io.sluice.testkit.scripted.BinlogEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MasterDialogueTest {
  private final DialogueRecorder recorder = new DialogueRecorder();
  private boolean semiSync;
  private boolean mayBeginEpoch;

  private MasterDialogue dialogue(String start, ResumePoint resume) {
    return new MasterDialogue(
        new Wishes(
            4711,
            "d8a1c4f2-0000-11f0-8000-000000000001",
            StartPoint.parse(start),
            Duration.ofSeconds(10),
            "relay.example",
            4001,
            semiSync,
            mayBeginEpoch,
            mayBeginEpoch),
        new StoredEnd(resume, null, ""),
        recorder,
        recorder);
  }

  private static ResumePoint at(String file, long offset, String state) {
    return new ResumePoint(
        new BinlogFileId(1, file), offset, MariaDbBinlogState.parse(state), null);
  }

  private static ResultSet variables(String version, String logBin) {
    return Results.rows(
        2,
        new String[] {"log_bin", logBin},
        new String[] {"server_id", "1"},
        new String[] {"version", version});
  }

  /** Answers everything up to the last common question. */
  private void prelude(MasterDialogue dialogue) {
    dialogue.begin();
    dialogue.onResult(Results.value("1700000000"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(variables("11.4.5-MariaDB-log", "ON"));
    dialogue.onResult(
        Results.rows(
            5,
            new String[] {"SERVER_ID", "SESSION", "INT UNSIGNED", "NO", "1"},
            new String[] {"LAST_GTID", "SESSION ONLY", "VARCHAR", "YES", ""}));
    dialogue.onResult(Results.ok());
    dialogue.onResult(Results.ok());
    dialogue.onResult(Results.value("CRC32"));
    dialogue.onResult(Results.ok());
  }

  @Test
  void shouldAskWhatAReplicaAsksAndBeginAtTheFirstFile() {
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    prelude(dialogue);
    assertThat(recorder.asked)
        .containsExactly(
            "SELECT UNIX_TIMESTAMP()",
            "SHOW VARIABLES LIKE 'SERVER_ID'",
            "SHOW GLOBAL VARIABLES",
            "SELECT VARIABLE_NAME, VARIABLE_SCOPE, VARIABLE_TYPE, READ_ONLY, SESSION_VALUE FROM information_schema.SYSTEM_VARIABLES",
            "SET @master_heartbeat_period= 10000000000",
            "SET @master_binlog_checksum= @@global.binlog_checksum",
            "SELECT @master_binlog_checksum",
            "SET @mariadb_slave_capability=4",
            "COM_REGISTER_SLAVE");
    assertThat(recorder.clock).isEqualTo(1_700_000_000L);
    assertThat(recorder.variables).containsEntry("version", "11.4.5-MariaDB-log");
    assertThat(recorder.traits)
        .containsEntry("SERVER_ID", new VariableTraits("SESSION", "INT UNSIGNED", false, ""))
        .containsEntry("LAST_GTID", new VariableTraits("SESSION ONLY", "VARCHAR", true, ""));
    assertThat(recorder.registration.serverId()).isEqualTo(4711);
    assertThat(recorder.registration.host()).isEqualTo("relay.example");
    assertThat(recorder.registration.port()).isEqualTo(4001);
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, ""));
    assertThat(recorder.checksums).isTrue();
  }

  @Test
  void shouldStopAtAMasterWithOurServerId() {
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    dialogue.begin();
    dialogue.onResult(Results.value("1"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "4711"}));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("equal MySQL server ids", "4711");
  }

  @Test
  void shouldRefuseAMySqlMasterBehindTheLogOfMariaDb() {
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-9"));
    dialogue.begin();
    dialogue.onResult(Results.value("1"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(variables("8.4.3", "ON"));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message())
        .startsWith(
            "the master is a MySQL server (8.4.3), the stored log is of a MariaDB server: ");
  }

  @Test
  void shouldRefuseAGtidSetOfMySqlAsTheStartAtAMariaDbMaster() {
    MasterDialogue dialogue =
        dialogue("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5", ResumePoint.EMPTY);
    prelude(dialogue);
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
  }

  @Test
  void shouldWaitForAMasterThatWritesNoLog() {
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    dialogue.begin();
    dialogue.onResult(Results.value("1"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(variables("11.4.5-MariaDB", "OFF"));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.REFUSED);
  }

  @Test
  void shouldResumeWhereTheHistoriesAgree() {
    MasterDialogue dialogue = dialogue("first", at("m.000002", 500, "0-1-8,0-2-9,7-1-3"));
    prelude(dialogue);
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('m.000002',500)");
    dialogue.onResult(Results.value("7-1-3,0-2-9"));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(500, 2, 4711, "m.000002"));
  }

  @Test
  void shouldStopWhereTheHistoriesDiffer() {
    MasterDialogue dialogue = dialogue("first", at("m.000002", 500, "0-1-8"));
    prelude(dialogue);
    dialogue.onResult(Results.value("0-1-9"));
    assertThat(recorder.last()).isEqualTo("SHOW BINARY LOGS");
    dialogue.onResult(
        Results.rows(2, new String[] {"m.000001", "1"}, new String[] {"m.000002", "9"}));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("'0-1-9'", "'0-1-8'", "m.000002 at 500");
    assertThat(recorder.dump).isNull();
  }

  @Test
  void shouldStopWithTheMastersFilesAsEvidenceWhenOursIsGone() {
    MasterDialogue dialogue = dialogue("first", at("m.000002", 500, "0-1-8"));
    prelude(dialogue);
    dialogue.onResult(Results.value(null));
    dialogue.onResult(
        Results.rows(2, new String[] {"m.000007", "1"}, new String[] {"m.000009", "9"}));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("m.000007 to m.000009");
  }

  @Test
  void shouldStopWithoutEvidenceWhenTheFilesMayNotBeListed() {
    MasterDialogue dialogue = dialogue("first", at("m.000002", 500, "0-1-8"));
    prelude(dialogue);
    dialogue.onResult(Results.value(null));
    dialogue.onError(new ReplyError(1227, "42000", "no privilege"));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("not ours");
  }

  @Test
  void shouldReadTheFileAgainWhenItIsTooLargeToNameThePlace() {
    MasterDialogue dialogue = dialogue("first", at("m.000002", 5_000_000_000L, "0-1-8"));
    prelude(dialogue);
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, "m.000002"));
  }

  @Test
  void shouldBeginAtTheLatestFile() {
    MasterDialogue dialogue = dialogue("latest", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onResult(
        Results.rows(2, new String[] {"m.000001", "1"}, new String[] {"m.000002", "9"}));
    dialogue.onRegistered();
    assertThat(recorder.dump.file()).isEqualTo("m.000002");
    assertThat(recorder.dump.position()).isEqualTo(4);
  }

  @Test
  void shouldBeginAtTheNewestFileThatHoldsAGtid() {
    MasterDialogue dialogue = dialogue("0-1-100,5-1-7", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onResult(
        Results.rows(
            2, new String[] {"m.1", "1"}, new String[] {"m.2", "9"}, new String[] {"m.3", "9"}));
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('m.3',4)");
    dialogue.onResult(Results.value("0-1-101"));
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('m.2',4)");
    dialogue.onResult(Results.value("0-1-100,5-1-3"));
    dialogue.onRegistered();
    assertThat(recorder.dump.file()).isEqualTo("m.2");
  }

  @Test
  void shouldStopWhenNoFileReachesBackToTheGtid() {
    MasterDialogue dialogue = dialogue("0-1-5", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onResult(Results.rows(2, new String[] {"m.8", "1"}, new String[] {"m.9", "9"}));
    dialogue.onResult(Results.value("0-1-50"));
    dialogue.onResult(Results.value("0-1-20"));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.message()).contains("0-1-5", "m.8", "0-1-20");
  }

  @Test
  void shouldAcceptAMasterWithoutChecksums() {
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    dialogue.begin();
    dialogue.onError(new ReplyError(1064, "42000", "no clock"));
    dialogue.onResult(Results.rows(2, new String[] {"server_id", "1"}));
    dialogue.onResult(variables("11.4.5-MariaDB", "ON"));
    dialogue.onError(new ReplyError(1109, "42S02", "Unknown table 'SYSTEM_VARIABLES'"));
    dialogue.onResult(Results.ok());
    dialogue.onError(new ReplyError(1193, "HY000", "Unknown system variable 'binlog_checksum'"));
    dialogue.onResult(Results.ok());
    dialogue.onRegistered();
    assertThat(recorder.checksums).isFalse();
    assertThat(recorder.dump).isNotNull();
  }

  @Test
  void shouldRetrySlowlyWhenThePrivilegeIsMissing() {
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onError(new ReplyError(1045, "28000", "Access denied for user"));
    assertThat(recorder.refused)
        .isEqualTo(
            new LinkFailure(
                LinkFailure.Kind.REFUSED,
                1045,
                "Access denied for user; the service's user needs: GRANT REPLICATION SLAVE ON *.* on the master"));
  }

  @Test
  void shouldAskForSemiSyncBehindTheRegistration() {
    semiSync = true;
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onRegistered();
    assertThat(recorder.last()).isEqualTo("SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'");
    dialogue.onResult(Results.rows(2, new String[] {"rpl_semi_sync_master_enabled", "OFF"}));
    assertThat(recorder.last()).isEqualTo("SET @rpl_semi_sync_slave= 1");
    dialogue.onResult(Results.ok());
    assertThat(recorder.acknowledges).isTrue();
    assertThat(recorder.dump).isNotNull();
  }

  @Test
  void shouldDoWithoutSemiSyncWhereTheMasterDoesNotKnowIt() {
    semiSync = true;
    MasterDialogue dialogue = dialogue("first", ResumePoint.EMPTY);
    prelude(dialogue);
    dialogue.onRegistered();
    dialogue.onResult(Results.rows(2));
    assertThat(recorder.acknowledges).isFalse();
    assertThat(recorder.dump).isNotNull();
  }

  private static ResumePoint of(long serverId, String file, long offset, String state) {
    BinlogEvents log = new BinlogEvents(file, serverId, true);
    log.formatDescription(BinlogEvents.MARIADB_11_4, false);
    byte[] event = log.stored().get(0);
    return new ResumePoint(
        new BinlogFileId(1, file),
        offset,
        MariaDbBinlogState.parse(state),
        FormatDescription.decode(Unpooled.wrappedBuffer(event), 0, event.length));
  }

  @Test
  void shouldBeginAnEpochAtTheNewestFileThatHoldsOurEnd() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-5,0-2-9,7-2-3"));
    prelude(dialogue);
    assertThat(recorder.last()).isEqualTo("SELECT @@global.gtid_binlog_state");
    dialogue.onResult(Results.value("0-2-9,0-1-12,7-2-3"));
    dialogue.onResult(
        Results.rows(
            2, new String[] {"x.1", "1"}, new String[] {"x.2", "9"}, new String[] {"x.3", "9"}));
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('x.3',4)");
    dialogue.onResult(Results.value("0-1-12,7-2-3"));
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('x.2',4)");
    dialogue.onResult(Results.value("0-2-8"));
    assertThat(recorder.epoch).isEqualTo("x.2");
    assertThat(recorder.asked).doesNotContain("COM_REGISTER_SLAVE");
    dialogue.onEpochReady();
    assertThat(recorder.last()).isEqualTo("COM_REGISTER_SLAVE");
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(4, 2, 4711, "x.2"));
  }

  @Test
  void shouldNotBeginAnEpochWhereTheHistoryIsOurs() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(1, "m.000002", 500, "0-1-9"));
    prelude(dialogue);
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('m.000002',500)");
    dialogue.onResult(Results.value("0-1-9"));
    dialogue.onRegistered();
    assertThat(recorder.dump).isEqualTo(new ComBinlogDump(500, 2, 4711, "m.000002"));
    assertThat(recorder.epoch).isNull();
  }

  @Test
  void shouldRefuseANewMasterWithoutOurEnd() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-9"));
    prelude(dialogue);
    dialogue.onResult(Results.value("0-2-8"));
    assertThat(recorder.refused.kind()).isEqualTo(LinkFailure.Kind.FATAL);
    assertThat(recorder.refused.code()).isEqualTo(1236);
    assertThat(recorder.refused.message())
        .isEqualTo(
            "Got fatal error 1236 from master when reading data from binary log: 'Error: connecting slave requested to start from GTID 0-2-9, which is not in the master's binlog'");
  }

  @Test
  void shouldRefuseANewMasterThatHasDiverged() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-9"));
    prelude(dialogue);
    dialogue.onResult(Results.value("0-2-8,0-1-9"));
    assertThat(recorder.refused.message()).contains("0-2-9", "has diverged");
  }

  @Test
  void shouldRefuseANewMasterThatPurgedOurEnd() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-9"));
    prelude(dialogue);
    dialogue.onResult(Results.value("0-2-9,0-1-12"));
    dialogue.onResult(Results.rows(2, new String[] {"x.7", "1"}));
    dialogue.onResult(Results.value("0-1-11"));
    assertThat(recorder.refused.code()).isEqualTo(1236);
    assertThat(recorder.refused.message()).contains("have been purged");
    assertThat(recorder.epoch).isNull();
  }

  @Test
  void shouldNotTrustAFileThatBeginsBehindSomethingThatWeNeverHad() {
    mayBeginEpoch = true;
    MasterDialogue dialogue = dialogue("first", of(2, "m.000002", 500, "0-2-9"));
    prelude(dialogue);
    dialogue.onResult(Results.value("0-3-7,0-2-9,0-1-12"));
    dialogue.onResult(Results.rows(2, new String[] {"x.1", "1"}, new String[] {"x.2", "1"}));
    dialogue.onResult(Results.value("0-3-7"));
    assertThat(recorder.last()).isEqualTo("SELECT BINLOG_GTID_POS('x.1',4)");
  }
}

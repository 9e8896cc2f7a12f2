package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.scripted.Answer;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.BinlogEvents;
import io.sluice.testkit.scripted.EventTypes;
import io.sluice.testkit.scripted.Script;
import io.sluice.testkit.scripted.ScriptedMaster;
import io.sluice.testkit.scripted.ScriptedReplica;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master that misbehaves: the relay recovers, or stops with the evidence; it never stores a wrong
 * byte.
 */
class LinkFaultIT {
  private static final String FILE = "s-bin.000001";

  @TempDir Path data;

  private BinlogEvents log;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  @BeforeEach
  void writeLog() {
    log = new BinlogEvents(FILE, 1, true);
    log.formatDescription(BinlogEvents.MARIADB_11_4, false);
    log.gtidList();
    log.checkpoint(FILE);
    for (int i = 1; i <= 5; i++) {
      log.transaction(0, i, 200);
    }
  }

  private static ScriptedMaster.Builder master() {
    return ScriptedMaster.builder()
        .version(BinlogEvents.MARIADB_11_4)
        .serverId(1)
        .answer(
            "SHOW GLOBAL VARIABLES",
            Answer.rows(
                List.of("Variable_name", "Value"),
                List.of(
                    List.of("autocommit", "ON"),
                    List.of("binlog_checksum", "CRC32"),
                    List.of("log_bin", "ON"),
                    List.of("server_id", "1"),
                    List.of("session_track_schema", "ON"),
                    List.of("session_track_system_variables", ""),
                    List.of("sql_mode", ""),
                    List.of("version", BinlogEvents.MARIADB_11_4))))
        .answer(
            "SHOW BINARY LOGS",
            Answer.rows(List.of("Log_name", "File_size"), List.of(List.of(FILE, "1000"))));
  }

  private RelayHarness relay(ScriptedMaster master) {
    return relay(master, Duration.ofSeconds(60));
  }

  /** Scripted masters send no heartbeats: three periods without a word end the connection. */
  private RelayHarness relay(ScriptedMaster master, Duration heartbeat) {
    return RelayHarness.start(
        data,
        master.host(),
        master.port(),
        0,
        RelayHarness.options().with(BinlogSettings.HEARTBEAT_PERIOD, heartbeat),
        RelayHarness.staticUser());
  }

  private void awaitFile(RelayHarness relay, byte[] expected) {
    Await.until(
        "all bytes are stored",
        Duration.ofSeconds(60),
        () -> Arrays.equals(stored(relay), expected),
        () -> relay.link() + ", expected " + expected.length);
  }

  private byte[] stored(RelayHarness relay) throws Exception {
    try {
      byte[] bytes = Files.readAllBytes(relay.storedFile(data, FILE));
      if (bytes.length > 21) {
        bytes[21] &= (byte) 0xfe;
      }
      return bytes;
    } catch (AssertionError e) {
      return new byte[0];
    }
  }

  /** The place behind the n-th transaction, which the relay will verify and resume at. */
  private static void verifies(ScriptedMaster.Builder master, long position, String gtid) {
    String question = "SELECT BINLOG_GTID_POS('" + FILE + "'," + position + ")";
    master.answer(question, Answer.value(question.substring(7), gtid));
  }

  private long positionBehind(int transactions) {
    BinlogEvents part = new BinlogEvents(FILE, 1, true);
    part.formatDescription(BinlogEvents.MARIADB_11_4, false);
    part.gtidList();
    part.checkpoint(FILE);
    for (int i = 1; i <= transactions; i++) {
      part.transaction(0, i, 200);
    }
    return part.position();
  }

  /** Where the relay asks to go on: at the last event that it has, to compare it. */
  private long lastEventOf(int transaction) {
    return positionBehind(transaction) - log.stored().get(3 + transaction * 3 - 1).length;
  }

  /** Everything from the start up to some bytes into the n-th transaction. */
  private Script upTo(int transaction, Script end) {
    Script script = Script.empty().send(log.artificialRotate(4));
    int events = 3 + (transaction - 1) * 3 + 1;
    script.sendAll(log.stored().subList(0, events));
    return script.then(end);
  }

  /** A replica that has heard ROTATE has forgotten the format: what comes then is the next one. */
  @Test
  void shouldSayNothingBetweenTheEndOfAFileAndTheFormatOfTheNext() {
    log.rotate("s-bin.000002");
    BinlogEvents next = new BinlogEvents("s-bin.000002", 1, true);
    next.formatDescription(BinlogEvents.MARIADB_11_4, false);
    next.gtidList("0-1-5");
    try (ScriptedMaster master =
            master()
                .serve(Script.empty().send(log.artificialRotate(4)).sendAll(log.stored()))
                .start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
      try (ScriptedReplica replica =
          ScriptedReplica.connect(
                  "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD, 21)
              .handshake(Duration.ofMillis(20), 4)
              .registerSlave()
              .dump(FILE, 4, 0)) {
        replica.awaitEvent("the end of the file", event -> event.logPos() == log.position());
        List<BinlogEvent> first = replica.readUntilQuiet(Duration.ofMillis(500));
        assertThat(first.get(first.size() - 1).type()).isEqualTo(EventTypes.ROTATE);
        assertThat(first).noneMatch(event -> event.type() == EventTypes.HEARTBEAT);
        master.push(Script.empty().send(next.artificialRotate(4)).sendAll(next.stored()));
        replica.awaitEvent("a heartbeat", event -> event.type() == EventTypes.HEARTBEAT);
        List<Integer> types =
            replica.events().subList(first.size(), replica.events().size()).stream()
                .map(BinlogEvent::type)
                .toList();
        assertThat(types)
            .startsWith(
                EventTypes.ROTATE,
                EventTypes.FORMAT_DESCRIPTION,
                EventTypes.GTID_LIST,
                EventTypes.HEARTBEAT);
      }
    }
  }

  @Test
  void shouldGoOnAfterACutInsideAnEventAndATransaction() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(2), "0-1-2");
    byte[] next = log.stored().get(3 + 2 * 3 + 1);
    try (ScriptedMaster master =
            builder
                .serve(
                    upTo(3, Script.empty().cut(next, 30).reset()),
                    Script.file(FILE, log.fileBytes(), lastEventOf(2)))
                .start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
      assertThat(master.dumps()).hasSize(2);
      assertThat(master.dumps().get(0).file()).isEmpty();
      assertThat(master.dumps().get(1).file()).isEqualTo(FILE);
      assertThat(master.dumps().get(1).position()).isEqualTo(lastEventOf(2));
      assertThat(master.registrations()).containsOnly(RelayHarness.SERVER_ID);
    }
  }

  @Test
  void shouldFetchAgainWhatCameDamagedAndThenStop() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(2), "0-1-2");
    byte[] next = log.stored().get(3 + 2 * 3 + 1);
    Script again =
        Script.empty()
            .send(log.artificialRotate(lastEventOf(2)))
            .send(log.stored().get(0))
            .send(log.stored().get(3 + 2 * 3 - 1))
            .send(log.stored().get(3 + 2 * 3))
            .corrupt(next, 40);
    try (ScriptedMaster master =
            builder.serve(upTo(3, Script.empty().corrupt(next, 40)), again).start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString())
          .contains(FILE + " at ", "checksum", "3 times");
      assertThat(relay.link()).containsEntry("position", positionBehind(2));
      byte[] bytes = stored(relay);
      assertThat(bytes).isEqualTo(Arrays.copyOf(log.fileBytes(), bytes.length));
    }
  }

  @Test
  void shouldReconnectWhenTheMasterIsSilent() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(2), "0-1-2");
    try (ScriptedMaster master =
            builder
                .serve(
                    upTo(3, Script.empty().stallUntil(new CountDownLatch(1))),
                    Script.file(FILE, log.fileBytes(), lastEventOf(2)))
                .start();
        RelayHarness relay = relay(master, Duration.ofSeconds(1))) {
      awaitFile(relay, log.fileBytes());
      assertThat(relay.link().get("last_error").toString()).contains("silent");
    }
  }

  @Test
  void shouldReconnectAfterShutdownOfTheMaster() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(3), "0-1-3");
    try (ScriptedMaster master =
            builder
                .serve(
                    upTo(4, Script.empty().eof().close()),
                    Script.file(FILE, log.fileBytes(), lastEventOf(3)))
                .start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
    }
  }

  @Test
  void shouldStopAtAFatalErrorOfTheMaster() {
    try (ScriptedMaster master =
            master()
                .serve(Script.empty().error(1236, "HY000", "Could not find first log file name"))
                .start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(relay.link()).containsEntry("last_error_code", 1236);
      assertThat(slaveStatus(relay))
          .containsEntry("Slave_IO_Running", "No")
          .containsEntry("Last_IO_Errno", "1236");
    }
  }

  @Test
  void shouldStopWhenTheHistoryIsAnother() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(2), "0-1-2");
    try (ScriptedMaster master =
            builder.serve(upTo(3, Script.empty().reset()), Script.empty()).start();
        RelayHarness relay = relay(master)) {
      master.awaitDump(2);
      verifiesNow(master, positionBehind(2), "0-9-77");
      master.dropConnections();
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString())
          .contains("'0-9-77'", "'0-1-2'", "not ours");
      assertThat(stored(relay)).isEqualTo(Arrays.copyOf(log.fileBytes(), (int) positionBehind(2)));
    }
  }

  private static Map<String, String> slaveStatus(RelayHarness relay) {
    try (WireClient client =
        WireClient.connect("127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD)) {
      WireResult result = client.query("SHOW SLAVE STATUS");
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < result.columns().size(); i++) {
        row.put(result.columns().get(i), result.rows().get(0).get(i));
      }
      return row;
    }
  }

  private static void verifiesNow(ScriptedMaster master, long position, String gtid) {
    String question = "SELECT BINLOG_GTID_POS('" + FILE + "'," + position + ")";
    master.answer(question, Answer.value(question.substring(7), gtid));
  }

  @Test
  void shouldStopAtAMasterWithOurServerId() {
    try (ScriptedMaster master = master().serverId(RelayHarness.SERVER_ID).start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString()).contains("equal MySQL server ids");
      assertThat(master.dumps()).isEmpty();
    }
  }

  @Test
  void shouldStopWhenThePasswordIsWrong() {
    try (ScriptedMaster master =
            master()
                .loginAnswer(Answer.error(1045, "28000", "Access denied for user 'repl'"))
                .start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(slaveStatus(relay))
          .containsEntry("Slave_IO_Running", "No")
          .containsEntry("Last_IO_Errno", "1045")
          .containsEntry(
              "Last_IO_Error",
              "error connecting to master 'repl@127.0.0.1:"
                  + master.port()
                  + "' - retry-time: 1  maximum-retries: 0  message: Access denied for user 'repl'");
      assertThat(master.connections()).isEqualTo(1);
    }
  }

  @Test
  void shouldStopAndStartOnCommand() throws Exception {
    ScriptedMaster.Builder builder = master();
    verifies(builder, log.position(), "0-1-5");
    try (ScriptedMaster master = builder.serveFiles(log).start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
      assertThat(relay.command("stop-slave")).containsEntry("done", true);
      relay.awaitState("disconnected");
      assertThat(relay.command("start-slave")).containsEntry("done", true);
      master.awaitDump(2);
      relay.awaitState("streaming");
    }
  }

  @Test
  void shouldStopWhenTheSameFileHasOtherContent() throws Exception {
    // As after a restore of an older backup: same file, same GTIDs, same sizes, other transactions.
    BinlogEvents other = new BinlogEvents(FILE, 1, true);
    other.formatDescription(BinlogEvents.MARIADB_11_4, false);
    other.gtidList();
    other.checkpoint(FILE);
    other.timestamp(1_800_000_000);
    assertForeign(other, "is not the one that is stored: its history is not ours");
  }

  @Test
  void shouldStopWhenTheSameNameIsAnotherFile() throws Exception {
    BinlogEvents other = new BinlogEvents(FILE, 1, true);
    other.timestamp(1_800_000_000);
    other.formatDescription(BinlogEvents.MARIADB_11_4, false);
    other.gtidList();
    other.checkpoint(FILE);
    assertForeign(other, "was written by", "its history is not ours");
  }

  /** The master serves this file, as long as ours, after the stream of ours broke. */
  private void assertForeign(BinlogEvents other, String... words) throws Exception {
    for (int i = 1; i <= 5; i++) {
      other.transaction(0, i, 200);
    }
    assertThat(other.position()).isEqualTo(log.position());
    ScriptedMaster.Builder builder = master();
    verifies(builder, positionBehind(2), "0-1-2");
    try (ScriptedMaster master =
            builder
                .serve(
                    upTo(3, Script.empty().reset()),
                    Script.file(FILE, other.fileBytes(), lastEventOf(2)))
                .start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(relay.link()).containsEntry("last_error_code", 1593);
      assertThat(relay.link().get("last_error").toString()).contains(words);
      assertThat(stored(relay)).isEqualTo(Arrays.copyOf(log.fileBytes(), (int) positionBehind(2)));
    }
  }

  @Test
  void shouldStopAtChecksumsThatNobodyKnows() {
    try (ScriptedMaster master =
            master()
                .answer(
                    "SELECT @master_binlog_checksum",
                    Answer.value("@master_binlog_checksum", "UNDEF"))
                .start();
        RelayHarness relay = relay(master)) {
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString()).contains("UNDEF");
      assertThat(master.dumps()).isEmpty();
    }
  }

  @Test
  void shouldKeepTryingToReachAMasterThatIsNotThere() throws Exception {
    int port;
    try (ScriptedMaster master = master().start()) {
      port = master.port();
    }
    try (RelayHarness relay =
        RelayHarness.start(
            data, "127.0.0.1", port, 0, RelayHarness.options(), RelayHarness.staticUser())) {
      Await.until(
          "several attempts",
          Duration.ofSeconds(60),
          () -> ((Number) relay.link().get("failures")).longValue() >= 3);
      assertThat(slaveStatus(relay))
          .containsEntry("Slave_IO_Running", "Connecting")
          .containsEntry("Last_IO_Errno", "2003")
          .containsEntry(
              "Last_IO_Error",
              "error connecting to master 'repl@127.0.0.1:"
                  + port
                  + "' - retry-time: 1  maximum-retries: 0  message: Can't connect to server on '127.0.0.1' (111 \"Connection refused\")");
    }
  }

  @Test
  void shouldAbandonAnEpochThatGoesOnWithoutOurEnd() throws Exception {
    ScriptedMaster.Builder old = master();
    try (ScriptedMaster master = old.serveFiles(log).start();
        ScriptedMaster liar = newMaster(claims -> claims.transaction(0, 6, 200)).start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
      relay.changeMaster(
          MasterChange.builder().host("127.0.0.1").port(liar.port()).useGtid(UseGtid.SLAVE_POS));
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString())
          .contains("goes on to GTID 0-2-6 without 0-1-5");
      assertThat(relay.link())
          .containsEntry("gtid", "0-1-5")
          .containsEntry("file", FILE)
          .containsEntry("may_begin_epoch", true)
          .containsEntry("master_server_id", 1L);
    }
  }

  @Test
  void shouldAbandonAnEpochThatEndsWithoutOurEnd() throws Exception {
    try (ScriptedMaster master = master().serveFiles(log).start();
        ScriptedMaster liar = newMaster(claims -> claims.transaction(0, 3, 200)).start();
        RelayHarness relay = relay(master)) {
      awaitFile(relay, log.fileBytes());
      relay.changeMaster(
          MasterChange.builder().host("127.0.0.1").port(liar.port()).useGtid(UseGtid.SLAVE_POS));
      relay.awaitState("stopped");
      assertThat(relay.link().get("last_error").toString()).contains("ends without GTID 0-1-5");
      assertThat(relay.link()).containsEntry("gtid", "0-1-5").containsEntry("file", FILE);
    }
  }

  @Test
  void shouldNotStartWithOrdersThatCannotBeUnderstood() throws Exception {
    try (ScriptedMaster master = master().serveFiles(log).start()) {
      try (RelayHarness relay = relay(master)) {
        awaitFile(relay, log.fileBytes());
        RelayHarness.done(relay.control().stopSlave());
        Path orders = relay.storedFile(data, "master.json");
        assertThat(orders).isNotEmptyFile();
        Files.writeString(orders, Files.readString(orders).substring(0, 20));
      }
      assertThatThrownBy(() -> relay(master).close())
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("master.json: cannot be understood");
      assertThat(master.dumps()).hasSize(1);
    }
  }

  /** Says that it has our end, and has something else. */
  private static ScriptedMaster.Builder newMaster(Consumer<BinlogEvents> content) {
    BinlogEvents claims = new BinlogEvents("n-bin.000001", 2, true);
    claims.formatDescription(BinlogEvents.MARIADB_11_4, false);
    claims.gtidList();
    claims.checkpoint("n-bin.000001");
    content.accept(claims);
    return master()
        .serverId(2)
        .answer(
            "SELECT @@global.gtid_binlog_state",
            Answer.value("@@global.gtid_binlog_state", "0-1-5"))
        .answer(
            "SHOW BINARY LOGS",
            Answer.rows(List.of("Log_name", "File_size"), List.of(List.of("n-bin.000001", "1000"))))
        .answer(
            "SELECT BINLOG_GTID_POS('n-bin.000001',4)",
            Answer.value("BINLOG_GTID_POS('n-bin.000001',4)", ""))
        .serve(Script.file("n-bin.000001", claims.fileBytes(), 4).send(claims.heartbeat()));
  }
}

package io.sluice.readwrite;

import static io.sluice.api.server.ServerRole.READER;
import static io.sluice.api.server.ServerRole.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadWriteSessionTest {

  private final FakeServer master = new FakeServer("m", WRITER);
  private final FakeServer replica = new FakeServer("r", READER);
  private FakeSession client = new FakeSession("", master, replica);

  private void settings(String options) {
    client = new FakeSession(options, master, replica);
  }

  @AfterEach
  void close() {
    client.close();
    for (FakeServer server : new FakeServer[] {master, replica}) {
      assertThat(client.router.load(server).connections()).isZero();
      assertThat(client.router.load(server).operations()).isZero();
    }
  }

  @Test
  void shouldOpenNothingBeforeItIsNeeded() {
    client.query("SELECT 1");
    assertThat(client.isOpened("m")).isFalse();
    client.at("r").ok();
    client.query("DELETE FROM t");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from r", "ok from m");
  }

  @Test
  void shouldPassChunksAsTheyCome() {
    client.query("SELECT 1");
    client.at("r").part();
    client.at("r").part();
    client.at("r").ok();
    assertThat(client.answers).containsExactly("part from r", "part from r", "ok from r");
  }

  @Test
  void shouldFollowTransactionsByTheStatusOfTheMaster() {
    client.query("BEGIN");
    client.at("m").status(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION);
    client.at("m").ok();
    client.query("SELECT 1");
    client.at("m").ok();
    client.at("m").status(ServerStatus.AUTOCOMMIT);
    client.query("COMMIT");
    client.at("m").ok();
    client.query("SELECT 2");
    client.at("r").ok();
    assertThat(client.at("m").received).containsExactly("BEGIN", "SELECT 1", "COMMIT");
    assertThat(client.at("r").received).containsExactly("SELECT 2");
  }

  @Test
  void shouldAnswerSessionCommandsWithTheMastersWord() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("DELETE FROM t");
    client.at("m").ok();
    client.takeAnswers();

    client.query("SET a = 1");
    client.at("r").ok();
    assertThat(client.answers).isEmpty();
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m");
  }

  @Test
  void shouldRepeatSessionCommandsOnReplicasOpenedLater() {
    client.query("SET a = 1");
    client.at("m").ok();
    client.initDb("db");
    client.at("m").ok();
    client.query("SELECT 1");
    assertThat(client.at("r").received).containsExactly("SET a = 1", "INIT_DB 6462", "SELECT 1");
    client.at("r").okAll();
    assertThat(client.takeAnswers()).containsExactly("ok from m", "ok from m", "ok from r");
  }

  @Test
  void shouldNotRepeatWhatFailed() {
    client.query("SET a = 1");
    client.at("m").error(1193);
    client.query("SELECT 1");
    assertThat(client.at("r").received).containsExactly("SELECT 1");
  }

  @Test
  void shouldForgetWhatALaterEqualCommandMakesSuperfluous() {
    for (int i = 0; i < 3; i++) {
      client.query("SET a = 1");
      client.at("m").ok();
      client.query("SET a = 2");
      client.at("m").ok();
    }
    client.query("SET b = @@a");
    client.at("m").ok();
    client.query("SET a = 1");
    client.at("m").ok();
    client.query("SELECT 1");
    assertThat(client.at("r").received)
        .containsExactly("SET a = 1", "SET a = 2", "SET b = @@a", "SET a = 1", "SELECT 1");
  }

  @Test
  void shouldOpenNoReplicaWhenTheHistoryIsFull() {
    settings("max-session-commands = 1");
    client.query("SET a = 1");
    client.at("m").ok();
    client.query("SET b = 1");
    client.at("m").ok();
    client.query("SELECT 1");
    assertThat(client.isOpened("r")).isFalse();
    client.at("m").ok();
    assertThat(client.session.diagnostics()).containsEntry("history_complete", false);
  }

  @Test
  void shouldCloseAReplicaWithAnotherOutcome() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("SET a = 1");
    client.at("m").ok();
    FakeEndpoint different = client.at("r");
    different.error(1193);

    assertThat(different.isOpen()).isFalse();
    client.query("SELECT 1");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from r", "ok from m", "ok from m");
    assertThat(client.router.counters().differences()).isEqualTo(1);
  }

  @Test
  void shouldCloseAReplicaThatAnsweredOtherwiseBeforeTheMaster() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("SET a = 1");
    client.at("r").ok();
    assertThat(client.at("r").isOpen()).isTrue();
    client.at("m").error(1193);
    assertThat(client.at("r").isOpen()).isFalse();
  }

  @Test
  void shouldReadElsewhereWhenAReplicaCannotBeBroughtToTheState() {
    client.query("SET a = 1");
    client.at("m").ok();
    client.query("SELECT 1");
    client.at("r").error(1193);

    assertThat(client.at("m").received).containsExactly("SET a = 1", "SELECT 1");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m", "ok from m");
  }

  @Test
  void shouldSendALostReadElsewhere() {
    client.query("SELECT 1");
    client.at("r").lose();
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m");
    assertThat(client.router.counters().retries()).isEqualTo(1);
  }

  @Test
  void shouldTakeNewsOfAShutdownForALoss() {
    client.query("SELECT 1");
    client.at("r").error(1053);
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m");
  }

  @Test
  void shouldNotSendAReadAgainThatWasPartlyAnswered() {
    client.query("SELECT 1");
    client.at("r").ready();
    client.at("r").part();
    client.at("r").lose();
    assertThat(client.isOpened("m")).isFalse();
    assertThat(client.failure).isNotNull();
    assertThat(client.failure.message()).contains("Lost connection to server r");
  }

  @Test
  void shouldNotSendAReadAgainIfToldSo() {
    settings("retry-failed-reads = false");
    client.query("SELECT 1");
    client.at("r").ready();
    client.at("r").lose();
    assertThat(client.answers).containsExactly("ERR 2013");
  }

  @Test
  void shouldTellWhenNobodyCanRead() {
    client.query("SELECT 1");
    client.at("r").lose();
    client.at("m").lose();
    assertThat(client.answers).containsExactly("ERR 2013");
    assertThat(client.failure).isNull();
  }

  @Test
  void shouldNotCareForALostIdleReplica() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.at("r").lose();
    replica.isDown();
    client.query("SELECT 2");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from r", "ok from m");
  }

  @Test
  void shouldTellALostWriteAndGoOn() {
    client.query("DELETE FROM t");
    client.at("m").ready();
    client.at("m").lose();
    assertThat(client.answers).containsExactly("ERR 2013");
    master.isDown();
    client.query("DELETE FROM t");
    assertThat(client.answers).containsExactly("ERR 2013", "ERR 1290");
    client.query("SELECT 1");
    client.at("r").ok();
    master.is(null, WRITER);
    client.query("DELETE FROM t");
    client.at("m").ok();
    assertThat(client.answers).endsWith("ok from r", "ok from m");
  }

  @Test
  void shouldEndWithTheMasterIfToldSo() {
    settings("master-failure-mode = fail-instantly");
    client.query("DELETE FROM t");
    client.at("m").ok();
    client.at("m").lose();
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldEndWithoutAMasterIfToldSo() {
    settings("master-failure-mode = fail-instantly");
    master.isDown();
    client.query("DELETE FROM t");
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldEndWhenATransactionIsLost() {
    client.query("BEGIN");
    client.at("m").status(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION);
    client.at("m").ok();
    client.at("m").lose();
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldEndWhenTemporaryTablesAreLost() {
    client.query("CREATE TEMPORARY TABLE t (a INT)");
    client.at("m").ok();
    client.at("m").lose();
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldCloseReplicasWhenItSticksToTheMaster() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("CREATE TEMPORARY TABLE t (a INT)");
    client.at("m").ok();
    assertThat(client.at("r").isOpen()).isFalse();
    client.query("SELECT 1");
    client.at("m").ok();
  }

  @Test
  void shouldStartOverWhenTheFateOfASessionCommandIsUnknown() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("SET a = 1");
    FakeEndpoint before = client.at("r");
    client.at("m").lose();

    assertThat(client.answers).containsExactly("ok from r", "ERR 2013");
    assertThat(before.isOpen()).isFalse();
    client.query("SELECT 2");
    assertThat(client.at("r").received).containsExactly("SELECT 2");
  }

  @Test
  void shouldGoToANewMasterWithItsState() {
    client.query("SET a = 1");
    client.at("m").ok();
    client.query("DELETE FROM t");
    client.at("m").ok();
    master.is(null);
    replica.is(null, WRITER);
    client.query("DELETE FROM u");

    assertThat(client.at("m").isOpen()).isFalse();
    assertThat(client.at("r").received).containsExactly("SET a = 1", "DELETE FROM u");
    client.at("r").okAll();
    assertThat(client.answers).endsWith("ok from r");
  }

  @Test
  void shouldEndATransactionWhereItBegan() {
    client.query("BEGIN");
    client.at("m").status(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION);
    client.at("m").ok();
    master.is(null);
    replica.is(null, WRITER);
    client.query("COMMIT");
    client.at("m").status(ServerStatus.AUTOCOMMIT);
    client.at("m").ok();
    client.query("DELETE FROM t");
    client.at("r").ok();
    assertThat(client.answers).containsExactly("ok from m", "ok from m", "ok from r");
  }

  @Test
  void shouldNotGoToANewMasterWithoutWhatOnlyTheOldOneKnows() {
    client.query("SET @a = NOW()");
    client.at("m").ok();
    master.is(null);
    replica.is(null, WRITER);
    client.query("DELETE FROM t WHERE a = @a");
    assertThat(client.failure).isNotNull();
  }

  @Test
  void shouldKeepAnOpenMasterWhileThereIsNoOther() {
    client.query("DELETE FROM t");
    client.at("m").ok();
    master.isDown();
    client.query("DELETE FROM u");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m", "ok from m");
  }

  @Test
  void shouldAskForWarningsWhereTheStatementRan() {
    client.query("SELECT 1");
    client.at("r").ok();
    client.query("SHOW WARNINGS");
    client.at("r").ok();
    client.query("DELETE FROM t");
    client.at("m").ok();
    client.query("SHOW WARNINGS");
    client.at("m").ok();
    assertThat(client.at("r").received).containsExactly("SELECT 1", "SHOW WARNINGS");
    assertThat(client.at("m").received).containsExactly("DELETE FROM t", "SHOW WARNINGS");
  }

  @Test
  void shouldRefuseKill() {
    client.query("KILL 5");
    assertThat(client.answers).containsExactly("ERR 1235");
    assertThat(client.isOpened("m")).isFalse();
  }

  @Test
  void shouldStreamToTheMaster() {
    MySqlRequest request = client.begin("INSERT INTO t VALUES ('");
    client.more(request, "abc", false);
    client.more(request, "')", true);
    client.at("m").ok();
    assertThat(client.at("m").received).containsExactly("INSERT INTO t VALUES ('", "+abc", "+')");
    client.query("SELECT 1");
    client.at("r").ok();
    assertThat(client.answers).containsExactly("ok from m", "ok from r");
  }

  @Test
  void shouldStickToTheMasterAfterStreamedSessionCommands() {
    MySqlRequest request = client.begin("SET @@long = '");
    client.more(request, "abc'", true);
    client.at("m").ok();
    client.query("SELECT 1");
    client.at("m").ok();
    assertThat(client.isOpened("r")).isFalse();
  }

  @Test
  void shouldDropTheRestOfAStreamWhoseServerIsLost() {
    MySqlRequest request = client.begin("INSERT INTO t VALUES ('");
    client.at("m").ready();
    client.at("m").lose();
    client.more(request, "')", true);
    assertThat(client.answers).containsExactly("ERR 2013");
  }

  @Test
  void shouldKeepRequestsThatComeTooEarlyInOrder() {
    client.query("DELETE FROM t");
    client.query("SELECT 1");
    client.query("DELETE FROM u");
    assertThat(client.isOpened("r")).isFalse();
    client.at("m").ok();
    client.at("r").ok();
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m", "ok from r", "ok from m");
  }

  @Test
  void shouldEndAfterRelease() {
    client.query("COMMIT RELEASE");
    client.at("m").ok();
    assertThat(client.answers).containsExactly("ok from m");
    assertThat(client.closed).isEqualTo(CloseReason.CLIENT_QUIT);
  }

  @Test
  void shouldBeFreshAfterAResetExceptForTheDatabase() {
    client.initDb("db");
    client.at("m").ok();
    client.query("SET a = 1");
    client.at("m").ok();
    client.query("CREATE TEMPORARY TABLE t (a INT)");
    client.at("m").ok();
    client.command(Command.RESET_CONNECTION);
    client.at("m").ok();
    client.query("SELECT 1");
    assertThat(client.at("r").received).containsExactly("INIT_DB 6462", "SELECT 1");
  }

  @Test
  void shouldTrustNoTokensInCharacterSetsWithAsciiInCharacters() {
    ClientState gbk = new ClientState(Capabilities.INTERNAL, 28, null, Map.of(), "10.11");
    client = new FakeSession(gbk, "", master, replica);
    client.query("SELECT 1");
    client.at("m").ok();
    client.close();
    client = new FakeSession("", master, replica);
    client.query("SET NAMES gbk");
    client.at("m").ok();
    client.query("SELECT 1");
    client.at("m").ok();
    assertThat(client.isOpened("r")).isFalse();
  }

  @Test
  void shouldReleaseEverythingWhenItEndsUnderWay() {
    client.query("SELECT 1");
    client.query("DELETE FROM t");
    client.query("SET a = 1");
    client.at("r").part();
  }

  @Test
  void shouldStickToTheMasterAfterProceduresIfToldSo() {
    settings("strict-sp-calls = true, strict-multi-statements = true");
    client.query("CALL p()");
    client.at("m").ok();
    client.query("SELECT 1");
    assertThat(client.isOpened("r")).isFalse();
    client.at("m").ok();
  }
}

package io.sluice.readwrite;

import static io.sluice.api.server.ServerRole.READER;
import static io.sluice.api.server.ServerRole.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.constant.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Binary prepared statements: fake servers number them from 100 and 200 on. */
class PreparedStatementsTest {

  private static final int[] WITH_TYPES = {0, 1, 0, 0, 0, 0, 1, 3, 0, 7, 0, 0, 0};
  private static final int[] WITHOUT_TYPES = {0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0};

  private final FakeServer master = new FakeServer("m", WRITER);
  private final FakeServer replica = new FakeServer("r", READER);
  private final FakeSession client = new FakeSession("", master, replica);

  @AfterEach
  void close() {
    client.close();
  }

  private void prepareOnBoth() {
    client.query("DELETE FROM t");
    client.at("m").ok();
    client.query("SELECT 0");
    client.at("r").ok();
    client.prepare("SELECT ?");
    client.at("m").ok();
    client.at("r").ok();
    client.at("m").received.clear();
    client.at("r").received.clear();
  }

  @Test
  void shouldGiveTheClientItsOwnNumber() {
    prepareOnBoth();
    assertThat(client.lastAnswer).startsWith(12, 0, 0, 1, 0, 1, 0, 0, 0);
  }

  @Test
  void shouldUseTheNumberOfEachServer() {
    prepareOnBoth();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    assertThat(client.at("r").received).containsExactly("STMT_EXECUTE c8000000" + hex(WITH_TYPES));
    client.at("r").ok();
    client.statement(Command.STMT_CLOSE, 1);
    assertThat(client.at("r").received).endsWith("STMT_CLOSE c8000000");
    assertThat(client.at("m").received).containsExactly("STMT_CLOSE 64000000");
  }

  @Test
  void shouldPrepareOnAReplicaOpenedLaterAndWaitForIt() {
    client.prepare("SELECT ?");
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    assertThat(client.at("r").received).hasSize(1);
    client.at("r").ok();
    assertThat(client.at("r").received).hasSize(2);
    assertThat(client.at("r").received.get(1)).startsWith("STMT_EXECUTE c8000000");
    client.at("r").ok();
    assertThat(client.answers).endsWith("ok from r");
  }

  @Test
  void shouldExecuteElsewhereWhenPreparingIsRefused() {
    client.prepare("SELECT ?");
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").error(1146);
    assertThat(client.at("m").received.get(1)).startsWith("STMT_EXECUTE 64000000");
    client.at("m").ok();
    assertThat(client.answers).endsWith("ok from m");
  }

  @Test
  void shouldExecuteElsewhereWhenTheReplicaIsLostMeanwhile() {
    client.prepare("SELECT ?");
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").lose();
    client.at("m").ok();
    assertThat(client.answers).endsWith("ok from m");
  }

  @Test
  void shouldSendTypesAgainToAServerThatHasNotSeenThem() {
    prepareOnBoth();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").ok();
    client.at("r").received.clear();
    client.statement(Command.STMT_EXECUTE, 1, WITHOUT_TYPES);
    assertThat(client.at("r").received)
        .containsExactly("STMT_EXECUTE c8000000" + hex(WITHOUT_TYPES));
    client.at("r").lose();

    assertThat(client.at("m").received)
        .containsExactly(
            "STMT_EXECUTE 64000000" + hex(new int[] {0, 1, 0, 0, 0, 0, 1, 3, 0, 8, 0, 0, 0}));
    client.at("m").ok();
  }

  @Test
  void shouldPrepareChangesOnTheMasterOnly() {
    client.query("SELECT 0");
    client.at("r").ok();
    client.prepare("DELETE FROM t WHERE a = ?");
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("m").ok();
    assertThat(client.at("r").received).containsExactly("SELECT 0");
  }

  @Test
  void shouldPrepareEverythingAgainOnANewMaster() {
    client.prepare("DELETE FROM t WHERE a = ?");
    client.at("m").ok();
    master.is(null);
    replica.is(null, WRITER);
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").ok();
    assertThat(client.at("r").received.get(1)).startsWith("STMT_EXECUTE c8000000");
    client.at("r").ok();
    assertThat(client.answers).endsWith("ok from r");
  }

  @Test
  void shouldKnowTheStatementPreparedLast() {
    prepareOnBoth();
    client.statement(Command.STMT_EXECUTE, 0xffffffffL, WITH_TYPES);
    assertThat(client.at("r").received.get(0)).startsWith("STMT_EXECUTE c8000000");
  }

  @Test
  void shouldRefuseStatementsThatDoNotExist() {
    client.statement(Command.STMT_EXECUTE, 9);
    client.statement(Command.STMT_CLOSE, 9);
    assertThat(client.answers).containsExactly("ERR 1243");
  }

  @Test
  void shouldNotKeepWhatCannotBePrepared() {
    client.prepare("SELECT ?");
    client.at("m").error(1064);
    client.statement(Command.STMT_EXECUTE, 1);
    assertThat(client.answers).containsExactly("error from m", "ERR 1243");
  }

  @Test
  void shouldExecuteOnTheMasterWhatHasLongData() {
    prepareOnBoth();
    client.statement(Command.STMT_SEND_LONG_DATA, 1, 0, 0, 65);
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    assertThat(client.at("m").received)
        .containsExactly(
            "STMT_SEND_LONG_DATA 64000000000041", "STMT_EXECUTE 64000000" + hex(WITH_TYPES));
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").ok();
  }

  @Test
  void shouldFetchWhereItWasExecuted() {
    prepareOnBoth();
    client.statement(Command.STMT_EXECUTE, 1, WITH_TYPES);
    client.at("r").ok();
    client.statement(Command.STMT_FETCH, 1, 2, 0, 0, 0);
    assertThat(client.at("r").received).endsWith("STMT_FETCH c800000002000000");
    client.at("r").lose();
    assertThat(client.answers).endsWith("ERR 2013");
    client.statement(Command.STMT_FETCH, 1, 2, 0, 0, 0);
    assertThat(client.answers).endsWith("ERR 1243");
  }

  @Test
  void shouldResetEverywhere() {
    prepareOnBoth();
    client.statement(Command.STMT_RESET, 1);
    assertThat(client.at("m").received).containsExactly("STMT_RESET 64000000");
    assertThat(client.at("r").received).containsExactly("STMT_RESET c8000000");
    client.at("r").ok();
    client.at("m").ok();
    assertThat(client.answers).endsWith("ok from m");
  }

  @Test
  void shouldStickToTheMasterAfterExecutingASessionCommand() {
    client.prepare("SET NAMES utf8");
    client.at("m").ok();
    client.statement(Command.STMT_EXECUTE, 1);
    client.at("m").ok();
    client.query("SELECT 1");
    client.at("m").ok();
    assertThat(client.isOpened("r")).isFalse();
  }

  private static String hex(int[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int b : bytes) {
      hex.append(String.format("%02x", b));
    }
    return hex.toString();
  }
}

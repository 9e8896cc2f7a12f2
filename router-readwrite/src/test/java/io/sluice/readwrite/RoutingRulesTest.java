package io.sluice.readwrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementClassifier;
import io.sluice.readwrite.RoutingDecision.Reason;
import io.sluice.readwrite.RoutingDecision.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingRulesTest {

  private final SessionState state = new SessionState();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1|REPLICA|READ",
        "SHOW TABLES|REPLICA|READ",
        "SELECT @a|REPLICA|READ",
        "SELECT 1 FOR UPDATE|MASTER|WRITE",
        "SELECT f()|MASTER|WRITE",
        "INSERT INTO t VALUES (1)|MASTER|WRITE",
        "CREATE TABLE t (a INT)|MASTER|WRITE",
        "CALL p()|MASTER|WRITE",
        "what is this|MASTER|WRITE",
        "-- nothing|MASTER|WRITE",
        "BEGIN|MASTER|TRANSACTION",
        "START TRANSACTION READ ONLY|MASTER|TRANSACTION",
        "COMMIT|MASTER|TRANSACTION",
        "SET NAMES utf8|ALL|SESSION_STATE",
        "USE db|ALL|SESSION_STATE",
        "SET autocommit=0|ALL|SESSION_STATE",
        "SET @a = 1|ALL|SESSION_STATE",
        "SET @a = NOW()|MASTER|WRITE",
        "SET GLOBAL a = 1|MASTER|WRITE",
        "SHOW WARNINGS|PREVIOUS|PREVIOUS_STATEMENT",
        "SELECT FOUND_ROWS()|PREVIOUS|PREVIOUS_STATEMENT",
        "PREPARE s FROM 'SELECT 1'|ALL|SESSION_STATE",
        "PREPARE s FROM 'DELETE FROM t'|MASTER|WRITE",
        "PREPARE s FROM @v|MASTER|WRITE",
        "EXECUTE unknown|MASTER|WRITE",
        "SELECT 1; SELECT 2|MASTER|WRITE",
        "KILL 1|REFUSE|NOT_SUPPORTED"
      })
  void shouldDecideForFreshSessions(String sql, Target target, Reason reason) {
    assertThat(decide(sql)).isEqualTo(new RoutingDecision(target, reason));
  }

  @Test
  void shouldReadOnTheMasterInTransactions() {
    state.status(true, true, true);
    assertThat(decide("SELECT 1")).isEqualTo(RoutingDecision.master(Reason.TRANSACTION));
  }

  @Test
  void shouldNotTakeAReplicasWordForTransactions() {
    state.status(true, true, false);
    assertThat(decide("SELECT 1").target()).isEqualTo(Target.REPLICA);
  }

  @Test
  void shouldReadOnTheMasterWithoutAutocommit() {
    state.status(false, false, true);
    assertThat(decide("SELECT 1")).isEqualTo(RoutingDecision.master(Reason.AUTOCOMMIT_OFF));
    state.status(false, true, true);
    assertThat(decide("SELECT 1").target()).isEqualTo(Target.REPLICA);
  }

  @Test
  void shouldReadOnTheMasterWhileTablesAreLocked() {
    state.succeeded(StatementClassifier.classify("LOCK TABLES t READ"));
    assertThat(decide("SELECT 1")).isEqualTo(RoutingDecision.master(Reason.TABLES_LOCKED));
    state.succeeded(StatementClassifier.classify("UNLOCK TABLES"));
    assertThat(decide("SELECT 1").target()).isEqualTo(Target.REPLICA);
  }

  @Test
  void shouldStickToTheMasterForWhatCannotBeRepeated() {
    state.routed(StatementClassifier.classify("CREATE TEMPORARY TABLE t (a INT)"), false);
    assertThat(decide("SELECT 1")).isEqualTo(RoutingDecision.master(Reason.PINNED));
    assertThat(decide("SET NAMES utf8")).isEqualTo(RoutingDecision.master(Reason.PINNED));
  }

  @Test
  void shouldReadUserVariablesOfTheMasterThere() {
    state.routed(StatementClassifier.classify("SET @a = NOW()"), false);
    assertThat(decide("SELECT @a")).isEqualTo(RoutingDecision.master(Reason.USER_VARIABLE));
    assertThat(decide("SET x = @a")).isEqualTo(RoutingDecision.master(Reason.USER_VARIABLE));
    assertThat(decide("SELECT 1").target()).isEqualTo(Target.REPLICA);
  }

  @Test
  void shouldReadUserVariablesOnTheMasterAfterWhatMayHaveSetThem() {
    state.routed(StatementClassifier.classify("SELECT f()"), false);
    assertThat(decide("SELECT @a").target()).isEqualTo(Target.MASTER);
    assertThat(state.isMovable()).isTrue();
  }

  @Test
  void shouldExecuteTextPreparedReadsOnReplicas() {
    state.succeeded(StatementClassifier.classify("PREPARE s FROM 'SELECT ?'"));
    assertThat(decide("EXECUTE s").target()).isEqualTo(Target.REPLICA);
    assertThat(decide("EXECUTE S USING @a").target()).isEqualTo(Target.REPLICA);
    assertThat(decide("DEALLOCATE PREPARE s").target()).isEqualTo(Target.ALL);
    state.routed(StatementClassifier.classify("SET @a = NOW()"), false);
    assertThat(decide("EXECUTE s USING @a").target()).isEqualTo(Target.MASTER);
    state.succeeded(StatementClassifier.classify("DEALLOCATE PREPARE s"));
    assertThat(decide("EXECUTE s").target()).isEqualTo(Target.MASTER);
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"INIT_DB", "SET_OPTION", "PING", "RESET_CONNECTION"})
  void shouldSendSessionCommandsToAll(Command command) {
    assertThat(decide(MySqlRequest.of(command), null).target()).isEqualTo(Target.ALL);
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"FIELD_LIST", "STATISTICS", "REGISTER_SLAVE", "BINLOG_DUMP", "UNKNOWN"})
  void shouldSendOtherCommandsToTheMaster(Command command) {
    assertThat(decide(MySqlRequest.of(command), null).target()).isEqualTo(Target.MASTER);
  }

  @Test
  void shouldRefuseWhatNamesAConnection() {
    assertThat(decide(MySqlRequest.of(Command.PROCESS_KILL), null).target())
        .isEqualTo(Target.REFUSE);
  }

  @Test
  void shouldSendStreamedStatementsToTheMaster() {
    MySqlRequest request = new MySqlRequest(Command.QUERY.code(), null, -1);
    assertThat(RoutingRules.decide(request, false, state, null))
        .isEqualTo(RoutingDecision.master(Reason.STREAMED));
  }

  @Test
  void shouldExecuteBinaryPreparedReadsOnReplicas() {
    Prepared read = prepared("SELECT ?", true);
    MySqlRequest execute = new MySqlRequest(Command.STMT_EXECUTE.code(), null, 1);
    assertThat(decide(execute, read).target()).isEqualTo(Target.REPLICA);
    read.longData(true);
    assertThat(decide(execute, read)).isEqualTo(RoutingDecision.master(Reason.STATEMENT_STATE));
    assertThat(decide(execute, prepared("DELETE FROM t", false)).target()).isEqualTo(Target.MASTER);
    assertThat(decide(execute, null))
        .isEqualTo(new RoutingDecision(Target.REFUSE, Reason.UNKNOWN_STATEMENT));
    state.status(true, true, true);
    read.longData(false);
    assertThat(decide(execute, read).target()).isEqualTo(Target.MASTER);
  }

  @Test
  void shouldFetchWhereTheCursorIs() {
    MySqlRequest fetch = new MySqlRequest(Command.STMT_FETCH.code(), null, 1);
    assertThat(decide(fetch, prepared("SELECT 1", true)).target()).isEqualTo(Target.CURSOR);
  }

  private static Prepared prepared(String sql, boolean everywhere) {
    return new Prepared(1, StatementClassifier.classify(sql), everywhere, new byte[0]);
  }

  private RoutingDecision decide(String sql) {
    Statement statement = StatementClassifier.classify(sql);
    return decide(new MySqlRequest(Command.QUERY.code(), statement, -1), null);
  }

  private RoutingDecision decide(MySqlRequest request, Prepared prepared) {
    return RoutingRules.decide(request, true, state, prepared);
  }
}

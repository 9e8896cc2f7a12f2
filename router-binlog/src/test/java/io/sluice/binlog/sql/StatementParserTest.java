package io.sluice.binlog.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.sql.ReplicationStatement.Select;
import io.sluice.binlog.sql.ReplicationStatement.Show;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT UNIX_TIMESTAMP()",
        "SHOW VARIABLES LIKE 'SERVER_ID'",
        "SET @master_heartbeat_period= 30000001024",
        "SET @master_heartbeat_period = 1, @source_heartbeat_period = 1",
        "SET @master_binlog_checksum= @@global.binlog_checksum",
        "SELECT @master_binlog_checksum",
        "SET skip_replication=1",
        "SET @mariadb_slave_capability=4",
        "SELECT @@GLOBAL.gtid_domain_id",
        "SET @slave_connect_state='0-1-2,1-1-3'",
        "SELECT binlog_gtid_pos('m-bin.000001',4)",
        "SET NAMES utf8mb4",
        "SET NAMES latin1 COLLATE latin1_swedish_ci",
        "set names 'utf8'",
        "SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'",
        "select @@version_comment limit 1",
        "SELECT DATABASE(), USER();",
        "/* mysql-connector-j */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@sql_mode AS sql_mode",
        "set sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES'),session_track_schema=1,autocommit=1",
        "set session_track_system_variables=CONCAT('a',IF(LOCATE('*',@@session_track_system_variables)>0 OR FIND_IN_SET('last_gtid',LOWER(REPLACE(@@session_track_system_variables,' ','')))>0,',last_gtid',''))",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
        "/*!40100 SET @@SQL_MODE='' */",
        "/*M!100100 SET @@MAX_STATEMENT_TIME=0.000000 */",
        "/*M!100100 SET WAIT_TIMEOUT=DEFAULT */",
        "SET character_set_results = NULL",
        "SET SESSION character_set_results = 'binary'",
        "SHOW /*!40003 GLOBAL */ VARIABLES",
        "show /*!50002 GLOBAL */ status",
        "SHOW VARIABLES WHERE Variable_name IN ('a','b') OR Variable_name = 'c'",
        "SHOW SLAVE STATUS",
        "SHOW REPLICA STATUS FOR CHANNEL ''",
        "SHOW BINARY LOG STATUS",
        "SHOW BINLOG STATUS",
        "KILL HARD CONNECTION 5",
        "COMMIT",
        "UNLOCK TABLES"
      })
  void shouldKnowWhatReplicasAndToolsSend(String sql) {
    assertThat(StatementParser.parse(sql)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "SHOW MASTER STATUS, MASTER_STATUS",
    "SHOW MASTER LOGS, BINARY_LOGS",
    "show binary logs, BINARY_LOGS",
    "SHOW ALL SLAVES STATUS, ALL_SLAVES_STATUS",
    "SHOW ALL REPLICAS STATUS, ALL_SLAVES_STATUS",
    "SHOW SLAVE HOSTS, SLAVE_HOSTS",
    "SHOW REPLICAS, SLAVE_HOSTS",
    "SHOW FULL PROCESSLIST, FULL_PROCESSLIST",
    "SHOW WARNINGS LIMIT 5, WARNINGS",
    "SHOW SESSION STATUS, STATUS",
    "SHOW GLOBAL VARIABLES, GLOBAL_VARIABLES"
  })
  void shouldTellWhatIsToBeShown(String sql, Subject subject) {
    assertThat(((Show) StatementParser.parse(sql)).show().subject()).isEqualTo(subject);
  }

  @Test
  void shouldLabelColumnsAsTyped() {
    Select select =
        (Select)
            StatementParser.parse(
                "SELECT @@GLOBAL.server_id, Version( ), 'a' AS b, 1 c, -5, binlog_gtid_pos('f', 4)");
    assertThat(select.items())
        .extracting(ReplicationStatement.Item::label)
        .containsExactly(
            "@@GLOBAL.server_id", "Version( )", "b", "c", "-5", "binlog_gtid_pos('f', 4)");
  }

  @Test
  void shouldMatchNamesAsLikeDoes() {
    NameFilter filter =
        ((Show) StatementParser.parse("SHOW VARIABLES LIKE 'Gtid\\_%_pos'")).show().filter();
    assertThat(List.of("gtid_binlog_pos", "gtid_x_pos")).allMatch(name -> filter.matches(name, ""));
    assertThat(List.of("gtidxbinlog_pos", "gtid_pos", "xgtid_a_pos"))
        .noneMatch(name -> filter.matches(name, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELEC 1",
        "SELECT",
        "SELECT 1 2 3",
        "SET",
        "SET x",
        "SELECT 1; SELECT 2",
        "SHOW",
        "KILL x",
        "SELECT 'a",
        "$$",
        "SELECT $$$",
        "SHOW VARIABLES LIKE"
      })
  void shouldRefuseWhatIsNoSql(String sql) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOfSatisfying(
            SqlError.class, error -> assertThat(error.error().code()).isIn(1064, 1054));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (1)",
        "SELECT * FROM t",
        "SELECT 1 FROM t",
        "CREATE TABLE t (a INT)",
        "SHOW ENGINES",
        "SET PASSWORD = 'x'"
      })
  void shouldSayWhatARelayCannotDo(String sql) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOfSatisfying(
            SqlError.class, error -> assertThat(error.error().code()).isIn(1235, 1064));
  }

  @Test
  void shouldNotExhaustTheStack() {
    assertThatThrownBy(() -> StatementParser.parse("SELECT " + "(".repeat(100_000)))
        .isInstanceOf(SqlError.class);
    assertThatThrownBy(() -> StatementParser.parse("SELECT " + "CONCAT(".repeat(100_000)))
        .isInstanceOf(SqlError.class);
    assertThat(StatementParser.parse("SELECT " + "NOT ".repeat(100_000) + "1")).isNotNull();
  }
}

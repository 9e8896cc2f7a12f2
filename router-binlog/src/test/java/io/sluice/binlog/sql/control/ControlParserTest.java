package io.sluice.binlog.sql.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.sql.ReplicationStatement;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.StatementParser;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlParserTest {

  private static ControlStatement parse(String sql) {
    return ((ReplicationStatement.Control) StatementParser.parse(sql)).control();
  }

  private static ControlStatement.ChangeMaster change(String options) {
    return (ControlStatement.ChangeMaster) parse("CHANGE MASTER TO " + options);
  }

  @Test
  void shouldReadEachOption() {
    MasterChange change =
        change(
                "MASTER_HOST='h', master_port = 3307, MASTER_USER='u', MASTER_PASSWORD='p''w',"
                    + " MASTER_CONNECT_RETRY=5, MASTER_HEARTBEAT_PERIOD=1.5, MASTER_LOG_FILE='b.1',"
                    + " MASTER_LOG_POS=4, MASTER_USE_GTID=replica_pos, MASTER_SSL=1,"
                    + " MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_SSL_CA='/ca', MASTER_SSL_CERT='/c',"
                    + " MASTER_SSL_KEY='/k'")
            .change();
    assertThat(change)
        .isEqualTo(
            new MasterChange(
                "h",
                3307,
                "u",
                "p'w",
                Duration.ofSeconds(5),
                Duration.ofMillis(1500),
                "b.1",
                4L,
                UseGtid.SLAVE_POS,
                null,
                true,
                false,
                "/ca",
                "/c",
                "/k",
                null,
                null,
                null));
    assertThat(change.toString()).doesNotContain("p'w");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MASTER_DELAY=5 | MASTER_DELAY",
        "MASTER_HOST='h', IGNORE_SERVER_IDS=(1,2) | IGNORE_SERVER_IDS",
        "DO_DOMAIN_IDS=(1) | DO_DOMAIN_IDS",
        "IGNORE_DOMAIN_IDS=(1) | IGNORE_DOMAIN_IDS",
        "RELAY_LOG_FILE='x' | RELAY_LOG_FILE",
        "RELAY_LOG_POS=4 | RELAY_LOG_POS",
        "MASTER_SSL_CAPATH='/x' | MASTER_SSL_CAPATH",
        "MASTER_SSL_CIPHER='x' | MASTER_SSL_CIPHER",
        "MASTER_SSL_CRL='x' | MASTER_SSL_CRL",
        "MASTER_SSL_CRLPATH='x' | MASTER_SSL_CRLPATH",
        "MASTER_BIND='x' | MASTER_BIND",
        "MASTER_DEMOTE_TO_SLAVE=1 | MASTER_DEMOTE_TO_SLAVE",
        "MASTER_RETRY_COUNT=7 | MASTER_RETRY_COUNT"
      })
  void shouldNameOptionsThatCannotBeHonoured(String options, String name) {
    assertThat(change(options).unsupported()).isEqualTo(name);
  }

  @Test
  void shouldAcceptValuesThatMeanNothingOfTheKind() {
    assertThat(
            change(
                    "MASTER_DELAY=0, IGNORE_SERVER_IDS=(), DO_DOMAIN_IDS=(), IGNORE_DOMAIN_IDS=(),"
                        + " MASTER_SSL_CRL='', MASTER_RETRY_COUNT=0")
                .unsupported())
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHANGE MASTER TO",
        "CHANGE MASTER TO MASTER_PORT='x'",
        "CHANGE MASTER TO MASTER_PORT=-1",
        "CHANGE MASTER TO MASTER_HOST='a' MASTER_PORT=1",
        "CHANGE MASTER TO BOGUS=1",
        "CHANGE MASTER TO MASTER_USE_GTID=bogus",
        "CHANGE MASTER TO MASTER_SSL='x'",
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='x'",
        "START SLAVE FOO",
        "START SLAVE IO_THREAD,",
        "PURGE BINARY LOGS",
        "PURGE LOGS TO 'x'",
        "PURGE BINARY LOGS BEFORE NOW",
        "FLUSH NONSENSE",
        "RESET NONSENSE",
        "STOP"
      })
  void shouldRefuseWhatServersRefuse(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOfSatisfying(
            SqlError.class, error -> assertThat(error.error().code()).isEqualTo(1064));
  }

  @Test
  void shouldNeverRepeatAPassword() {
    assertThatThrownBy(() -> change("MASTER_PASSWORD='" + "secret".repeat(20) + "'"))
        .isInstanceOfSatisfying(
            SqlError.class,
            error -> {
              assertThat(error.error().code()).isEqualTo(1470);
              assertThat(error.error().message()).doesNotContain("secret");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'2026-01-02' | 2026-01-02T00:00:00Z",
        "'2026-01-02 03:04:05.678' | 2026-01-02T03:04:05Z",
        "'2026-01-02T03:04' | 2026-01-02T03:04:00Z",
        "20260102 | 2026-01-02T00:00:00Z",
        "20260102030405 | 2026-01-02T03:04:05Z",
        "NOW() | 2026-05-31T12:00:00Z",
        "NOW() - INTERVAL 7 DAY | 2026-05-24T12:00:00Z",
        "current_timestamp - interval '2' hour | 2026-05-31T10:00:00Z",
        "DATE_SUB(NOW(), INTERVAL 3 MONTH) | 2026-02-28T12:00:00Z",
        "'2026-01-02' + INTERVAL 1 WEEK - INTERVAL 1 YEAR | 2025-01-09T00:00:00Z"
      })
  void shouldKnowMoments(String expression, String moment) {
    ControlStatement.PurgeBefore purge =
        (ControlStatement.PurgeBefore) parse("PURGE BINARY LOGS BEFORE " + expression);
    assertThat(purge.time().at(Instant.parse("2026-05-31T12:00:00Z")))
        .contains(Instant.parse(moment));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'garbage'", "NULL", "'2026-13-01'", "'2026-01-01 25:00:00'", "7"})
  void shouldTakeNothingElseForAMoment(String expression) {
    ControlStatement.PurgeBefore purge =
        (ControlStatement.PurgeBefore) parse("PURGE BINARY LOGS BEFORE " + expression);
    assertThat(purge.time().at(Instant.EPOCH)).isEmpty();
  }

  @Test
  void shouldReadNamesThreadsAndChannels() {
    assertThat(parse("START SLAVE 'c' SQL_THREAD"))
        .isEqualTo(
            new ControlStatement.StartSlave("c", false, ControlStatement.Threads.SQL, false));
    assertThat(parse("STOP REPLICA FOR CHANNEL 'c'"))
        .isEqualTo(new ControlStatement.StopSlave("c", false, ControlStatement.Threads.ALL));
    assertThat(parse("RESET SLAVE 'c' ALL")).isEqualTo(new ControlStatement.ResetSlave("c", true));
    assertThat(parse("FLUSH LOCAL BINARY LOGS, STATUS"))
        .isEqualTo(new ControlStatement.Flush(java.util.List.of("BINARY LOGS", "STATUS")));
    assertThat(parse("FLUSH TABLES WITH READ LOCK"))
        .isEqualTo(new ControlStatement.Flush(java.util.List.of("TABLES WITH READ LOCK")));
  }
}

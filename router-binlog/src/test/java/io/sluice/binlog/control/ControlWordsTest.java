package io.sluice.binlog.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What MariaDB 11.8, MySQL 9.7 and 5.6 said when they were asked; of 5.7 what its sources say. */
class ControlWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "11.8.2-MariaDB | CHANGE | 1198 | This operation cannot be performed as you have a running slave ''; run STOP SLAVE '' first",
        "9.7.4 | CHANGE | 3021 | This operation cannot be performed with a running replica io thread; run STOP REPLICA IO_THREAD FOR CHANNEL '' first.",
        "9.7.4 | CHANGE_POSITIONING | 3081 | This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL '' first",
        "9.7.4 | RESET | 3081 | This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL '' first",
        "5.7.44-log | CHANGE | 3021 | This operation cannot be performed with a running slave io thread; run STOP SLAVE IO_THREAD FOR CHANNEL '' first.",
        "5.6.24-log | RESET | 1198 | This operation cannot be performed with a running slave; run STOP SLAVE first"
      })
  void shouldRefuseWhileTheLinkRuns(
      String version, ControlWords.Order order, int code, String text) {
    ControlException refused = ControlWords.of(version).running(order);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused).hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 1255 | Slave already has been stopped",
        "5.6.24-log | 1255 | Slave already has been stopped",
        "9.7.4 | 3084 | Replication thread(s) for channel '' are already stopped."
      })
  void shouldNoteThatThereWasNothingToStop(String version, int code, String text) {
    ControlNote note = ControlWords.of(version).alreadyStopped();
    assertThat(note).isEqualTo(new ControlNote(ControlNote.Level.NOTE, code, text));
  }

  @Test
  void shouldNameOptionsAsTheVersionDoes() {
    assertThat(ControlWords.of("8.0.25").wrong("HOST"))
        .hasMessage("Incorrect arguments to MASTER_HOST");
    assertThat(ControlWords.of("8.0.26").wrong("HOST"))
        .hasMessage("Incorrect arguments to SOURCE_HOST");
    assertThat(ControlWords.of("8.0.26").alreadyRunning().code()).isEqualTo(3083);
  }
}

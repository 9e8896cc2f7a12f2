package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillStatementTest {

  private static void assertRead(String text, long id, boolean connection) {
    assertThat(KillStatement.mayBeginWith(text.charAt(0))).isTrue();
    assertThat(KillStatement.parse(text)).isEqualTo(new KillStatement(id, connection));
  }

  @Test
  void shouldReadEverySpelling() {
    assertRead("KILL 5", 5, true);
    assertRead("kill connection 4294967295", 4294967295L, true);
    assertRead("KILL QUERY 17", 17, false);
    assertRead("Kill Hard Query 17;", 17, false);
    assertRead("KILL SOFT 3 ;", 3, true);
    assertRead("/* ApplicationName=x */ KILL QUERY 5", 5, false);
    assertRead("# why\nKILL/**/QUERY -- that one\n 5", 5, false);
    assertRead("-- x\n\tKILL\t5", 5, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KILL USER u",
        "KILL QUERY ID 5",
        "KILL CONNECTION_ID()",
        "KILL @x",
        "KILL 5; SELECT 1",
        "KILL",
        "KILL -1",
        "KILL 99999999999999999999999"
      })
  void shouldNotLetPassWhatNamesSomethingElse(String text) {
    assertThat(KillStatement.parse(text)).isSameAs(KillStatement.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "SELECT 1", "KILLER 5", "kill_5", "/* KILL 5", "/*!KILL 5*/", "-KILL 5"})
  void shouldLeaveOtherStatementsAlone(String text) {
    assertThat(KillStatement.parse(text)).isNull();
  }

  @Test
  void shouldNotEvenLookAtMostStatements() {
    assertThat(KillStatement.mayBeginWith('S')).isFalse();
    assertThat(KillStatement.mayBeginWith('(')).isFalse();
  }
}

package io.sluice.mysql.sql;

import static io.sluice.mysql.sql.StatementKind.WRITE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementClassifierTest {

  /** Lines of {@code statement => KIND [FLAG …]}; see the file. */
  static Stream<Arguments> statements() throws Exception {
    List<Arguments> found = new ArrayList<>();
    try (var in = StatementClassifierTest.class.getResourceAsStream("statements.txt")) {
      String all = new String(in.readAllBytes(), UTF_8);
      for (String line : all.split("\n")) {
        if (line.isBlank() || line.startsWith("//")) {
          continue;
        }
        int arrow = line.lastIndexOf("=>");
        found.add(
            Arguments.of(
                line.substring(0, arrow).strip().replace("\\n", "\n"),
                line.substring(arrow + 2).strip()));
      }
    }
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("statements")
  void shouldClassify(String sql, String expected) {
    Statement statement = StatementClassifier.classify(sql);
    String[] words = expected.split(" ");
    List<String> found = new ArrayList<>();
    found.add(statement.kind().name());
    statement.flagSet().stream()
        // Only noise for statements that go to the master anyway.
        .filter(f -> f != StatementFlag.UNKNOWN_FUNCTION || expected.contains("UNKNOWN_FUNCTION"))
        .filter(f -> f != StatementFlag.NOT_REPEATABLE || expected.contains("NOT_REPEATABLE"))
        .filter(f -> f != StatementFlag.SYSTEM_VARIABLE)
        .forEach(f -> found.add(f.name()));
    assertThat(found).containsExactlyInAnyOrder(words);
  }

  @Test
  void shouldHaveManyStatementsToTry() throws Exception {
    assertThat(statements().count()).isGreaterThan(200);
  }

  @Test
  void shouldNoticeSystemVariablesThatAreReadAndNotThoseThatAreSet() {
    assertThat(StatementClassifier.classify("SET a = @@b").has(StatementFlag.SYSTEM_VARIABLE))
        .isTrue();
    assertThat(StatementClassifier.classify("SET @@a = 1").has(StatementFlag.SYSTEM_VARIABLE))
        .isFalse();
  }

  @Test
  void shouldTellWhatATextPrepares() {
    Statement read = StatementClassifier.classify("PREPARE `S 1` FROM 'SELECT ''a'' FROM t'");
    Statement write = StatementClassifier.classify("PREPARE s FROM \"DELETE FROM t\"");
    Statement unknown = StatementClassifier.classify("PREPARE s FROM @text");

    assertThat(read.preparedName()).isEqualTo("s 1");
    assertThat(read.prepared()).isEqualTo(Statement.of(StatementKind.READ));
    assertThat(write.prepared()).isEqualTo(Statement.of(StatementKind.WRITE));
    assertThat(unknown.prepared()).isNull();
    assertThat(StatementClassifier.classify("EXECUTE S USING @a").preparedName()).isEqualTo("s");
    assertThat(StatementClassifier.classify("DROP PREPARE s").preparedName()).isEqualTo("s");
  }

  @Test
  void shouldTakeThePreparationOfSeveralStatementsForAWrite() {
    Statement statement = StatementClassifier.classify("PREPARE s FROM 'SELECT 1; DROP TABLE t'");
    assertThat(statement.prepared()).isEqualTo(Statement.of(StatementKind.WRITE));
  }

  @Test
  void shouldNotBeFooledByBackslashesThatAreNoEscapes() {
    String sql = "SELECT '\\'; DELETE FROM t; -- '";
    assertThat(classify(sql, Backslash.PLAIN).isRead()).isFalse();
    assertThat(classify(sql, Backslash.ESCAPES).isRead()).isTrue();
    assertThat(classify(sql, Backslash.UNKNOWN).isRead()).isFalse();
  }

  @Test
  void shouldTakeTextsWithBackslashesForReadsWhenTheyAreReadsEitherWay() {
    assertThat(classify("SELECT 'O\\'Brien'", Backslash.UNKNOWN).isRead()).isTrue();
    assertThat(classify("SELECT 'a\\'b', 'c\\'d'", Backslash.UNKNOWN).isRead()).isTrue();
    assertThat(classify("SELECT 'C:\\', 'x'", Backslash.UNKNOWN).isRead()).isTrue();
    assertThat(classify("SELECT 'a\\n' INTO OUTFILE 'x'", Backslash.UNKNOWN).isRead()).isFalse();
  }

  @Test
  void shouldJudgePreparedTextsByTheSameBackslashes() {
    String sql = "PREPARE s FROM 'SELECT ''\\''; DELETE FROM t; -- '''";
    assertThat(classify(sql, Backslash.PLAIN).prepared()).isEqualTo(Statement.of(WRITE));
  }

  @Test
  void shouldNotJudgeThePreparationOfMoreThanOneText() {
    assertThat(StatementClassifier.classify("PREPARE s FROM 'SELECT 1' ' FOR UPDATE'").prepared())
        .isNull();
    assertThat(StatementClassifier.classify("PREPARE s FROM 'SELECT 1' || @x").prepared()).isNull();
  }

  /** Blanks of latin1, and others, are bytes of 0x80 and above. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1~INTO OUTFILE 'x'",
        "SELECT a FROM t~FOR UPDATE",
        "SELECT a FROM t LOCK~IN SHARE MODE",
        "SELECT a FROM t FOR UPDATE~NOWAIT",
        "SELECT @a~INTO OUTFILE 'x'",
        "SELECT @@version~INTO OUTFILE 'x'",
        "SELECT 0x41~INTO OUTFILE 'x'",
        "SELECT 1 --~' \n INTO OUTFILE 'x' -- '",
        "SELECT NEXT~VALUE FOR s",
        "SELECT `\u00e4`,`; DELETE FROM t; -- `",
        "SELECT \"\u00e4\",\"; DELETE FROM t; -- \"",
        "WITH a AS (SELECT 1)~DELETE t FROM t JOIN (SELECT 1) x",
        "~SELECT 1"
      })
  void shouldNotTakeForAReadWhatHidesAWordBehindABlankOfAnotherCharacterSet(String sql) {
    byte[] bytes = sql.replace('~', '\u00a0').getBytes(ISO_8859_1);
    for (Backslash backslash : Backslash.values()) {
      assertThat(StatementClassifier.classify(bytes, 0, bytes.length, backslash).isRead())
          .isFalse();
    }
  }

  @Test
  void shouldPinAConnectionWhoseStateMayHideBehindABlankOfAnotherCharacterSet() {
    for (String sql : List.of("USE~db", "SET~NAMES gbk", "SET NAMES~gbk", "SET GLOBAL~x = 1")) {
      byte[] bytes = sql.replace('~', '\u00a0').getBytes(ISO_8859_1);
      Statement found = StatementClassifier.classify(bytes, 0, bytes.length, Backslash.ESCAPES);
      assertThat(found).isEqualTo(Statement.of(WRITE, StatementFlag.PINS_CONNECTION));
    }
  }

  @Test
  void shouldTakeNamesInOtherScriptsForNames() {
    assertThat(StatementClassifier.classify("SELECT 名前, `à` FROM 顧客 WHERE \"é\" = 'é'").isRead())
        .isTrue();
    assertThat(StatementClassifier.classify("SELECT @é, @@x FROM т").isRead()).isTrue();
  }

  private static Statement classify(String sql, Backslash backslash) {
    byte[] bytes = sql.getBytes(UTF_8);
    return StatementClassifier.classify(bytes, 0, bytes.length, backslash);
  }

  @Test
  void shouldNeverThrowOnGarbage() {
    Random random = new Random(42);
    String[] pieces = {
      "SELECT",
      "SET",
      "WITH",
      "(",
      ")",
      "'",
      "\"",
      "`",
      "/*",
      "*/",
      "/*!",
      "/*M!",
      "--",
      "#",
      "@",
      "@@",
      ";",
      ",",
      "=",
      ":=",
      "\\",
      "PREPARE",
      "FROM",
      "EXECUTE",
      "IMMEDIATE",
      "FOR",
      "STATEMENT",
      "autocommit",
      "1",
      "0x",
      "x'",
      ".",
      "INTO",
      "UPDATE",
      "\u0000",
      "é",
      " ",
      "\n",
      "CREATE",
      "FUNCTION",
      "BEGIN",
      "NOT",
      "KILL",
      "GLOBAL",
      "@@global.",
      "EXPLAIN",
      "FORMAT",
      "?",
      "->"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder sql = new StringBuilder();
      int length = random.nextInt(12);
      for (int i = 0; i < length; i++) {
        sql.append(pieces[random.nextInt(pieces.length)]);
        if (random.nextBoolean()) {
          sql.append(' ');
        }
      }
      assertThat(StatementClassifier.classify(sql.toString())).isNotNull();
    }
    byte[] bytes = new byte[64];
    for (int round = 0; round < 20_000; round++) {
      random.nextBytes(bytes);
      Backslash backslash = Backslash.values()[round % Backslash.values().length];
      assertThat(StatementClassifier.classify(bytes, 0, bytes.length, backslash)).isNotNull();
    }
  }

  @Test
  void shouldNeverTakeACutChangeForARead() {
    String change = "/* c */ WITH a AS (SELECT 'x' FROM t) DELETE FROM t WHERE id IN (SELECT 1)";
    for (int i = 0; i <= change.length(); i++) {
      assertThat(StatementClassifier.classify(change.substring(0, i)).isRead()).isFalse();
    }
  }

  @Test
  void shouldTakeTimeLinearToTheLength() {
    String deep = "SELECT " + "(".repeat(500_000) + "1" + ")".repeat(500_000);
    String open = "SELECT " + "/*!".repeat(300_000) + "'";
    String many = "SELECT 1;".repeat(200_000);
    String comments = "/**/".repeat(500_000) + "/*";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (String sql : List.of(deep, open, many, comments)) {
            assertThat(StatementClassifier.classify(sql)).isNotNull();
          }
        });
  }
}

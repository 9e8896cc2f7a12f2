package io.sluice.filters.querylog;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.Problems;
import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {

  @TempDir Path directory;

  @Test
  void shouldWriteLinesUnderAHeaderForItsOwnerOnly() throws IOException {
    LogWriter writer = start("");
    writer.offer(line("SELECT\t'a\nb\\'"));
    writer.close();

    assertThat(Files.readString(file()))
        .isEqualTo(
            LogLine.HEADER
                + "1970-01-01T00:00:00Z\t7\tapp\tu\th\t1.050\t3\t0\tCOM_QUERY\t"
                + "SELECT\\t'a\\nb\\\\'\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(writer.written()).isEqualTo(1);
  }

  @Test
  void shouldContinueAFileOrBeginAnew() throws IOException {
    LogWriter first = start("");
    first.offer(line("one"));
    first.close();
    LogWriter second = start("");
    second.offer(line("two"));
    second.close();
    assertThat(Files.readAllLines(file())).hasSize(3);

    LogWriter third = start("append = false");
    third.offer(line("three"));
    third.close();
    assertThat(Files.readString(file())).contains("three").doesNotContain("one");
  }

  @Test
  void shouldBeginANewFileAfterRotation() throws IOException {
    LogWriter writer = start("");
    writer.offer(line("one"));
    Await.until("it is written", () -> Files.readString(file()).contains("one"));
    Path moved = directory.resolve("moved.log");
    Files.move(file(), moved);
    writer.rotate();
    Await.until("there is a new file", () -> Files.exists(file()));
    writer.offer(line("two"));
    writer.close();
    assertThat(Files.readString(moved)).contains("one").doesNotContain("two");
    assertThat(Files.readString(file())).contains("two").doesNotContain("one");
  }

  @Test
  void shouldDropAndTellWhatIsTooMuch() throws IOException {
    LogWriter writer = new LogWriter("q", settings("queue-size = 2"));
    writer.offer(line("one"));
    writer.offer(line("two"));
    writer.offer(line("three"));
    assertThat(writer.dropped()).isEqualTo(1);
    assertThat(writer.waiting()).isEqualTo(2);
    writer.start();
    writer.close();
    assertThat(Files.readString(file()))
        .contains("one", "two", "# 1 lines were dropped")
        .doesNotContain("three");
    writer.offer(line("late"));
    assertThat(writer.dropped()).isEqualTo(2);
  }

  @Test
  void shouldTryAgainAfterAnError() throws IOException {
    LogWriter writer = start("");
    Files.delete(file());
    Files.createDirectory(file());
    writer.rotate();
    Await.until("it has failed", () -> writer.errors() > 0);
    Files.delete(file());
    writer.offer(line("after"));
    Await.until(
        "it writes again",
        () -> Files.isRegularFile(file()) && Files.readString(file()).contains("after"));
    writer.close();
  }

  @Test
  void shouldSurviveHalfACharacter() throws IOException {
    LogWriter writer = start("");
    writer.offer(line("x\ud83d"));
    writer.offer(line("next"));
    writer.close();
    assertThat(writer.errors()).isZero();
    assertThat(Files.readString(file())).contains("next");
  }

  private LogWriter start(String options) throws IOException {
    LogWriter writer = new LogWriter("q", settings(options));
    writer.start();
    return writer;
  }

  private QueryLogSettings settings(String options) {
    Problems problems = new Problems();
    String all = options + "\nfile = \"" + file() + "\"";
    var parsed = QueryLogSettings.SPEC.parse(ConfigFactory.parseString(all).root(), "", problems);
    assertThat(problems.all()).isEmpty();
    return QueryLogSettings.from("q", parsed);
  }

  private Path file() {
    return directory.resolve("log").resolve("q.log");
  }

  private static LogLine line(String statement) {
    return new LogLine(
        Instant.EPOCH,
        7,
        "app",
        "u",
        "h",
        Duration.ofNanos(1_050_000),
        3,
        0,
        "COM_QUERY",
        statement);
  }
}

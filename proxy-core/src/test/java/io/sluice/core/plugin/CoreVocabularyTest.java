package io.sluice.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine serves any protocol: no word of a particular one belongs here. */
class CoreVocabularyTest {

  private static final Pattern FOREIGN =
      Pattern.compile("mysql|mariadb|binlog|gtid|replica|galera", Pattern.CASE_INSENSITIVE);

  @Test
  void shouldNotSpeakOfAnyDatabase() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
      List<String> words =
          files
              .filter(Files::isRegularFile)
              .flatMap(CoreVocabularyTest::lines)
              .filter(line -> FOREIGN.matcher(line).find())
              .toList();

      assertThat(words).isEmpty();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().map(line -> file + ": " + line.strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

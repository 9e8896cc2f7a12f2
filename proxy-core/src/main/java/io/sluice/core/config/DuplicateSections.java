package io.sluice.core.config;

import com.typesafe.config.ConfigOriginFactory;
import io.sluice.api.config.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds two sections with one name in one file. The configuration library merges them without a
 * word, as its format says; for two servers of the same name that hides a mistake of copy and
 * paste. Changing a section from another file ({@code include}) stays possible.
 */
final class DuplicateSections implements SectionScanner.Listener {

  private static final Pattern NAMED =
      Pattern.compile(
          "sluice\\.(servers|monitors|filters|services)\\.[^.]+"
              + "|sluice\\.services\\.[^.]+\\.listeners\\.[^.]+");

  private final String file;
  private final Problems problems;
  private final Map<List<String>, Integer> firstLines = new HashMap<>();

  private DuplicateSections(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Reports each named section that a file opens a second time. */
  static void report(Path file, Problems problems) {
    String text;
    try {
      // As lenient with odd bytes as the library is.
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SectionScanner.scan(text, new DuplicateSections(file.toString(), problems));
  }

  @Override
  public void opened(List<String> path, int line) {
    String shown = String.join(".", path);
    if (!NAMED.matcher(shown).matches()) {
      return;
    }
    @Nullable Integer first = firstLines.putIfAbsent(List.copyOf(path), line);
    if (first != null) {
      problems.add(
          ConfigOriginFactory.newFile(file).withLineNumber(line),
          shown,
          "a second section of this name (expected: one; the first is in line " + first + ")");
    }
  }
}

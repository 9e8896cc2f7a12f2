package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation says of the configuration is what the built distribution does. */
class ReferenceDocsIT {

  /** Pages in the reference that people write. */
  private static final Set<String> WRITTEN = Set.of("README.md", "log-keys.md");

  private static final Pattern HOCON =
      Pattern.compile("^```hocon\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void shouldHaveTheReferenceThatTheSettingsMake() throws IOException {
    Path reference = root().resolve("docs/reference");
    SluiceProcess.Result result =
        SluiceProcess.run(List.of(sluice(), "--print-reference", directory.toString()));
    assertThat(result.exit()).as(result.output()).isZero();

    String advice =
        "docs/reference differs from the settings; make it again with: "
            + "mvn -DskipTests package && distribution/target/sluice-*/bin/sluice --print-reference docs/reference";
    Set<String> made = pages(directory);
    Set<String> committed = pages(reference);
    committed.removeAll(WRITTEN);
    assertThat(committed).as(advice).isEqualTo(made).isNotEmpty();
    for (String page : made) {
      assertThat(Files.readString(reference.resolve(page)))
          .as(page + ": " + advice)
          .isEqualTo(Files.readString(directory.resolve(page)));
    }
  }

  @Test
  void shouldAcceptEveryConfigurationInTheGuides() throws IOException {
    Path readme = root().resolve("README.md");
    assertThat(configurations(readme)).as("configurations in README.md").isNotEmpty();
    assertAccepted(readme);
    try (Stream<Path> guides = Files.list(root().resolve("docs/guide"))) {
      for (Path guide : guides.filter(file -> file.toString().endsWith(".md")).toList()) {
        assertAccepted(guide);
      }
    }
  }

  private void assertAccepted(Path page) throws IOException {
    for (String configuration : configurations(page)) {
      Path file = Files.writeString(directory.resolve("sluice.conf"), configuration);
      SluiceProcess.Result result =
          SluiceProcess.run(List.of(sluice(), "--config", file.toString(), "--check"));
      assertThat(result.exit()).as("%s: %s%n%s", page, result.output(), configuration).isZero();
    }
  }

  /** Whole configurations; fragments of one are left out. */
  private static List<String> configurations(Path page) throws IOException {
    return HOCON
        .matcher(Files.readString(page))
        .results()
        .map(block -> block.group(1))
        .filter(block -> block.startsWith("sluice {"))
        .toList();
  }

  private static Set<String> pages(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .map(file -> from.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String sluice() {
    return SluiceProcess.builtHome().resolve("bin/sluice").toString();
  }

  /** The repository. */
  private static Path root() {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return Objects.requireNonNull(module.getParent());
  }
}

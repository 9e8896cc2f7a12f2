package io.sluice.core.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.core.plugin.ModuleRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file. Stateless. */
public final class ProxyConfigLoader {

  private static final Pattern LINE = Pattern.compile("(.*): (\\d+)(?:-\\d+)?");
  private static final String SYNTAX = "syntax";

  private ProxyConfigLoader() {}

  /**
   * Reads and checks a file.
   *
   * @param file the file
   * @param home where relative paths begin
   * @param modules what the configuration may name
   * @throws InvalidConfigException with every problem, in the order of the file
   */
  public static ProxyConfig load(Path file, Path home, ModuleRegistry modules) {
    Config tree = read(file);
    Problems problems = new Problems();
    DuplicateSections.report(file, problems);
    Settings top = Sections.FILE.parse(tree.root(), "", problems);
    Optional<ProxyConfig> config =
        top.find(Sections.SLUICE)
            .map(root -> new ProxyConfigBuilder(modules, problems).build(file, home, root));
    if (!problems.isEmpty() || config.isEmpty()) {
      throw new InvalidConfigException(sorted(problems.all()));
    }
    return config.get();
  }

  private static Config read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw one(file.toString(), "config", "not found (expected: a readable file)");
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (ConfigException e) {
      @Nullable ConfigOrigin origin = e.origin();
      String where = origin == null ? file.toString() : origin.description();
      String text = String.valueOf(e.getMessage());
      String message = text.startsWith(where + ": ") ? text.substring(where.length() + 2) : text;
      String path = e instanceof ConfigException.UnresolvedSubstitution ? "substitution" : SYNTAX;
      throw one(where, path, message);
    }
  }

  private static InvalidConfigException one(String origin, String path, String message) {
    return new InvalidConfigException(List.of(new ConfigProblem(origin, path, message)));
  }

  /** The library does not keep the order of keys; people read a file from its top. */
  private static List<ConfigProblem> sorted(List<ConfigProblem> found) {
    List<ConfigProblem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparing((ConfigProblem problem) -> place(problem).file())
            .thenComparing(problem -> place(problem).line())
            .thenComparing(ConfigProblem::path));
    return sorted;
  }

  private record Place(String file, int line) {}

  private static Place place(ConfigProblem problem) {
    Matcher matcher = LINE.matcher(problem.origin());
    return matcher.matches()
        ? new Place(matcher.group(1), Integer.parseInt(matcher.group(2)))
        : new Place(problem.origin(), 0);
  }
}

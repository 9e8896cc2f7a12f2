package io.sluice.core.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the options of a section stand in the file. Immutable.
 *
 * @param path the path of the options
 * @param options as they were written
 */
public record Source(String path, ConfigObject options) {

  /** Of something that did not come from a file. */
  public static final Source NONE = new Source("options", ConfigFactory.empty().root());

  /**
   * A module's own complaint about its settings, with the file and line that the module does not
   * know.
   */
  public List<ConfigProblem> located(InvalidConfigException complaint) {
    List<ConfigProblem> located = new ArrayList<>();
    for (ConfigProblem problem : complaint.problems()) {
      String origin = find(problem.path()).origin().description();
      located.add(new ConfigProblem(origin, path + "." + problem.path(), problem.message()));
    }
    return List.copyOf(located);
  }

  /** The deepest value that exists on the way. */
  private ConfigValue find(String relativePath) {
    ConfigValue found = options;
    for (String step : relativePath.split("[.\\[]")) {
      @Nullable ConfigValue next = step(found, step);
      if (next == null) {
        break;
      }
      found = next;
    }
    return found;
  }

  private static @Nullable ConfigValue step(ConfigValue from, String step) {
    if (from instanceof ConfigObject section) {
      return section.get(step);
    }
    if (from instanceof ConfigList list && step.matches("[0-9]{1,6}]")) {
      int index = Integer.parseInt(step.substring(0, step.length() - 1));
      return index < list.size() ? list.get(index) : null;
    }
    return null;
  }

  /** Never shows values: they may be secrets. */
  @Override
  public String toString() {
    return options.origin().description() + ": " + path;
  }
}

package io.sluice.api.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.List;

/** Collects every problem of a configuration, so that all are reported at once. Not thread-safe. */
public final class Problems {

  private final List<ConfigProblem> list = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param origin where it stands (file and line)
   * @param path the path of the key, such as {@code services.relay.router}
   * @param message what is wrong, {@code value (expected: …)} where that fits
   */
  public void add(ConfigOrigin origin, String path, String message) {
    list.add(new ConfigProblem(origin.description(), path, message));
  }

  /** All problems so far, in the order they were found. */
  public List<ConfigProblem> all() {
    return List.copyOf(list);
  }

  /** Whether nothing was found. */
  public boolean isEmpty() {
    return list.isEmpty();
  }
}

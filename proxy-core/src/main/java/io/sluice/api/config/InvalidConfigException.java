package io.sluice.api.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; carries every problem found. */
public final class InvalidConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** With all problems that were found. */
  public InvalidConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** With one problem that only the module could find; {@code path} is relative to its options. */
  public InvalidConfigException(String path, String message) {
    this(List.of(new ConfigProblem("options", path, message)));
  }

  /** What was found. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}

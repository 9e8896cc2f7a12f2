package io.sluice.console;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code show TYPE NAME}. */
@Command(
    name = "show",
    description = "Shows one resource with everything known of it.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class ShowCommand implements Callable<Integer> {

  @ParentCommand private Sluicectl parent;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "TYPE",
      completionCandidates = TypeWords.class,
      description = "The singular or plural of ${COMPLETION-CANDIDATES}")
  private String type;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Its name, or a session's number; not for sluice.")
  private @Nullable String id;

  @Override
  public Integer call() {
    ResourceType resource = Sluicectl.type(type, spec);
    if (id == null && resource != ResourceType.SLUICE) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "NAME: missing (expected: which " + resource.singular() + ")");
    }
    parent.printer().show(parent.client().show(resource.plural(), id == null ? "" : id));
    return 0;
  }
}

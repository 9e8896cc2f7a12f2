package io.sluice.console;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code list TYPE}. */
@Command(
    name = "list",
    description = "Lists all resources of a type.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class ListCommand implements Callable<Integer> {

  @ParentCommand private Sluicectl parent;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TYPE",
      completionCandidates = TypeWords.class,
      description = "${COMPLETION-CANDIDATES}")
  private String type;

  @Override
  public Integer call() {
    ResourceType resource = Sluicectl.type(type, spec);
    if (resource == ResourceType.SLUICE) {
      parent.printer().show(parent.client().list(resource.plural()));
    } else {
      parent.printer().list(parent.client().list(resource.plural()));
    }
    return 0;
  }
}

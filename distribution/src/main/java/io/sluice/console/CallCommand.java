package io.sluice.console;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code call TYPE NAME COMMAND [KEY=VALUE …]}. */
@Command(
    name = "call",
    description =
        "Calls a command of a service, listener, monitor or filter; 'show' lists what there is.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class CallCommand implements Callable<Integer> {

  @ParentCommand private Sluicectl parent;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "TYPE",
      completionCandidates = TypeWords.class,
      description = "service, listener, monitor or filter")
  private String type;

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
  private String id;

  @Parameters(index = "2", paramLabel = "COMMAND", description = "The command.")
  private String command;

  @Parameters(index = "3..*", paramLabel = "KEY=VALUE", description = "Its arguments.")
  private Map<String, String> arguments = Map.of();

  @Override
  public Integer call() {
    ResourceType resource = Sluicectl.type(type, spec);
    parent.printer().show(parent.client().call(resource.plural(), id, command, arguments));
    return 0;
  }
}

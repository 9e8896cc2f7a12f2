package io.sluice.console;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code kill NUMBER}. */
@Command(name = "kill", description = "Ends a session.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
final class KillCommand implements Callable<Integer> {

  @ParentCommand private Sluicectl parent;

  @Parameters(paramLabel = "SESSION", description = "The session's number.")
  private long session;

  @Override
  public Integer call() {
    parent.client().kill(String.valueOf(session));
    return 0;
  }
}

package io.sluice.console;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The console's command line. Exit codes: 0 done, 1 it could not be done, 2 the command line was
 * wrong.
 */
@Command(
    name = "sluicectl",
    description = "Administers a running Sluice. Without a command: interactive.",
    mixinStandardHelpOptions = true,
    versionProvider = Sluicectl.Version.class,
    exitCodeOnInvalidInput = 2,
    exitCodeOnExecutionException = 1,
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      CallCommand.class,
      KillCommand.class,
      CommandLine.HelpCommand.class
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
public final class Sluicectl implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's configuration: address and token are taken from it.")
  private @Nullable Path config;

  @Option(names = "--url", paramLabel = "URL", description = "The server's admin address.")
  private @Nullable URI url;

  @Option(names = "--token-file", paramLabel = "FILE", description = "The file with the token.")
  private @Nullable Path tokenFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      scope = ScopeType.INHERIT,
      description = "How to show results: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.table;

  private @Nullable AdminClient client;

  /** The program. */
  public static void main(String[] args) {
    System.exit(commandLine(new Sluicectl()).execute(args));
  }

  static CommandLine commandLine(Sluicectl command) {
    return new CommandLine(command)
        .setExecutionExceptionHandler(
            (e, line, result) -> {
              if (e instanceof AdminException) {
                line.getErr().println("sluicectl: " + e.getMessage());
                return 1;
              }
              throw e;
            });
  }

  @Override
  public Integer call() {
    return new InteractiveConsole(this).run();
  }

  /** The client, made at first need so that help works without a server. */
  AdminClient client() {
    AdminClient known = client;
    if (known == null) {
      String home = System.getProperty("sluice.home");
      AdminLocator locator = new AdminLocator(home == null ? null : Path.of(home));
      known = new AdminClient(locator.locate(url, tokenFile, config));
      client = known;
    }
    return known;
  }

  Printer printer() {
    return output.printer(out());
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** The resource type by its name, or a usage error of {@code command}. */
  static ResourceType type(String word, CommandSpec command) {
    return ResourceType.of(word)
        .orElseThrow(
            () ->
                new CommandLine.ParameterException(
                    command.commandLine(),
                    "TYPE: "
                        + word
                        + " (expected: "
                        + String.join(", ", ResourceType.words())
                        + ")"));
  }

  /** The version of this build. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = Sluicectl.class.getPackage().getImplementationVersion();
      return new String[] {"sluicectl " + (version == null ? "(not packaged)" : version)};
    }
  }
}

package io.sluice.binlog.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.binlog.store.StoreView;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command line. Exit codes: 0 all is well or found, 1 something was found to be wrong or was
 * not found, 2 the command could not be run.
 */
@Command(
    name = "sluice-binlog",
    description = {
      "Looks at the store of a binlog relay, also while Sluice runs. Writes nothing, but for repair.",
      "Exit codes: 0 all is well or found, 1 not all is well or found, 2 the command could not be run."
    },
    mixinStandardHelpOptions = true,
    versionProvider = SluiceBinlog.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      VerifyCommand.class,
      CatCommand.class,
      FindCommand.class,
      DumpCommand.class,
      RepairCommand.class,
      CommandLine.HelpCommand.class
    })
@SuppressWarnings("NullAway.Init") // filled by the command-line parser
public final class SluiceBinlog {
  static final int FINE = 0;
  static final int NOT_FINE = 1;
  static final int FAILED = 2;

  private static final Logger LOGGER = LoggerFactory.getLogger(SluiceBinlog.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Spec private CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The store: DATA-DIR/services/NAME/binlog.")
  private @Nullable Path store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Sluice's configuration, to find the store of a service.")
  private @Nullable Path config;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Which service; not needed if the configuration has one relay.")
  private @Nullable String service;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "The keys of an encrypted store; not needed if the configuration names the file.")
  private @Nullable Path keyFile;

  @Option(
      names = "--archive-dir",
      paramLabel = "DIR",
      description = "The archive of the store; not needed if the configuration names it.")
  private @Nullable Path archive;

  private final OutputStream output;

  SluiceBinlog(OutputStream output) {
    this.output = output;
  }

  /** The program. */
  public static void main(String[] args) {
    OutputStream output = new FileOutputStream(FileDescriptor.out);
    PrintWriter out = writer(output);
    CommandLine line = commandLine(output).setOut(out);
    int exit = line.execute(args);
    out.flush();
    System.exit(exit);
  }

  static PrintWriter writer(OutputStream output) {
    return new PrintWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8));
  }

  static CommandLine commandLine(OutputStream output) {
    return new CommandLine(new SluiceBinlog(output))
        .setExecutionExceptionHandler(
            (e, line, result) -> {
              if (e instanceof ToolException) {
                line.getErr().println("sluice-binlog: " + e.getMessage());
              } else if (e instanceof IOException || e instanceof UncheckedIOException) {
                line.getErr().println("sluice-binlog: " + explain(e));
              } else {
                line.getErr().println("sluice-binlog: " + explain(e));
                LOGGER.atError().setCause(e).log("the command failed");
              }
              return FAILED;
            });
  }

  /** Messages of {@code java.nio.file} are only names. */
  static String explain(Throwable e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /** Where bytes go that are no text. */
  OutputStream output() {
    return output;
  }

  /** The place of the store that the options name. */
  StorePlace place() {
    StorePlace place = StorePlace.find(store, config, service);
    return new StorePlace(
        place.directory(),
        archive == null ? place.archive() : archive,
        keyFile == null ? place.keyFile() : keyFile);
  }

  /** The store that the options name. */
  StoreView view() {
    return place().view();
  }

  /** Prints a document. */
  static void print(PrintWriter out, Object document) {
    try {
      out.println(JSON.writeValueAsString(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON: " + e.getMessage(), e);
    }
  }

  CommandSpec spec() {
    return spec;
  }

  /** The version of this build. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = SluiceBinlog.class.getPackage().getImplementationVersion();
      return new String[] {"sluice-binlog " + (version == null ? "(not packaged)" : version)};
    }
  }
}

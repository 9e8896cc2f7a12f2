package io.sluice.core.boot;

import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.core.config.ProxyConfig;
import io.sluice.core.config.ProxyConfigLoader;
import io.sluice.core.config.ReferenceDocs;
import io.sluice.core.plugin.EngineVersion;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.plugin.PluginException;
import io.sluice.core.plugin.PluginHost;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code sluice}: runs in the foreground until a signal comes.
 *
 * <p>Exit codes: 0 it stopped as asked, or the check found nothing; 1 it could not start; 2 the
 * command line or the configuration is wrong, with every problem on standard error.
 *
 * <p>System properties: {@code sluice.home} is the folder that holds {@code bin/}, set by the
 * launcher; {@code sluice.plugins} another folder of plugins than {@code plugins/} in it.
 */
@Command(
    name = "sluice",
    description = "A pluggable database proxy.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Callable<Integer> {

  /** It stopped as asked, or there was nothing to complain of. */
  public static final int OK = 0;

  /** It could not start. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong. */
  public static final int BAD_CONFIGURATION = 2;

  private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it conf/sluice.conf of the installation.")
  private @Nullable Path config;

  @Option(names = "--check", description = "Checks the configuration and exits.")
  private boolean check;

  @Option(
      names = "--print-reference",
      paramLabel = "DIR",
      hidden = true,
      description = "Writes the reference documentation of all settings and exits.")
  private @Nullable Path reference;

  /** Made by the command line. */
  Main() {}

  /** The process. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(out, err, arguments));
  }

  /**
   * Runs the command in this process.
   *
   * @return the exit code
   */
  public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((failure, command, result) -> report(failure, err))
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    try (PluginHost plugins = PluginHost.open(pluginDirectory())) {
      if (reference != null) {
        return writeReference(reference, plugins.modules());
      }
      Path file = configFile();
      ProxyConfig proxyConfig =
          ProxyConfigLoader.load(file, home().orElseGet(() -> parent(file)), plugins.modules());
      if (check) {
        line().getOut().println(file + ": the configuration is valid");
        return OK;
      }
      return run(proxyConfig, plugins.modules());
    }
  }

  private static int run(ProxyConfig config, ModuleRegistry modules) throws InterruptedException {
    LOGGER
        .atInfo()
        .addKeyValue("version", EngineVersion.current().full())
        .addKeyValue("config", config.file())
        .addKeyValue("dataDir", config.dataDirectory())
        .addKeyValue("threads", config.threads())
        .log("sluice starts");
    StopSignals signals = StopSignals.install();
    try (Proxy proxy = Proxy.start(config, modules)) {
      signals.await();
      LOGGER
          .atInfo()
          .addKeyValue("sessions", proxy.engine().sessions().countClients())
          .addKeyValue("grace", config.timeouts().stopGrace())
          .log("sluice stops");
    } finally {
      signals.stopped();
    }
    LOGGER.atInfo().log("sluice stopped");
    return OK;
  }

  private static int writeReference(Path directory, ModuleRegistry modules) throws IOException {
    for (Map.Entry<String, String> page : ReferenceDocs.pages(modules).entrySet()) {
      Path file = directory.resolve(page.getKey());
      Files.createDirectories(parent(file));
      Files.writeString(file, page.getValue());
    }
    return OK;
  }

  /** The one place where failures become text and an exit code. */
  private static int report(Exception failure, PrintWriter err) {
    if (failure instanceof InvalidConfigException invalid) {
      invalid.problems().stream().map(ConfigProblem::toString).forEach(err::println);
      return BAD_CONFIGURATION;
    }
    if (failure instanceof PluginException || failure instanceof StartException) {
      err.println("sluice cannot start: " + failure.getMessage());
      return FAILED;
    }
    LOGGER.atError().setCause(failure).log("sluice cannot start");
    err.println("sluice cannot start: " + failure);
    return FAILED;
  }

  private CommandLine line() {
    if (spec == null) {
      throw new IllegalStateException("spec: null (expected: set by the command line)");
    }
    return spec.commandLine();
  }

  private Path configFile() {
    if (config != null) {
      return config;
    }
    return home()
        .map(home -> home.resolve("conf").resolve("sluice.conf"))
        .orElseThrow(() -> new ParameterException(line(), "Missing required option: --config"));
  }

  private static Path pluginDirectory() {
    @Nullable String named = System.getProperty("sluice.plugins");
    return named != null
        ? Path.of(named)
        : home().orElse(Path.of("")).resolve("plugins").toAbsolutePath();
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("sluice.home")).map(Path::of);
  }

  private static Path parent(Path file) {
    @Nullable Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Sluice " + EngineVersion.current().full()};
    }
  }
}

package io.sluice.testkit.server;

import io.sluice.testkit.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real database server as a child process, on loopback, with a data directory of its own.
 *
 * <p>Life: {@code builder()…start()} returns when the server accepts logins; {@link #stop()} is a
 * clean shutdown, {@link #kill9()} a crash; {@link #start()} brings it back on the same port and
 * data. {@link #close()} kills it and removes the directory; so does the end of the JVM. Not
 * thread-safe for life-cycle methods; SQL methods may be called from any thread.
 *
 * <p>Durability is off unless asked for ({@code innodb_flush_log_at_trx_commit=0}).
 */
public abstract class DatabaseServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseServer.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  // A MySQL replica that has begun a transaction waits 60 s for the rest before it stops.
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);
  private static final int PORT_ATTEMPTS = 5;

  private final ServerInstallation installation;
  private final Map<String, @Nullable String> options;
  private final boolean fixedPort;
  private final Path directory;
  private final Path dataDir;
  private final Path log;
  private int port;
  private @Nullable Process process;

  DatabaseServer(Builder<?, ?> builder) {
    this.installation = builder.installation;
    this.options = new LinkedHashMap<>(builder.options);
    this.fixedPort = builder.port != 0;
    this.port = builder.port != 0 ? builder.port : Ports.free();
    Path template = DataTemplate.of(installation);
    this.directory = ServerRegistry.newDirectory();
    this.dataDir = directory.resolve("data");
    this.log = directory.resolve("server.log");
    try {
      SharedCache.copyTree(template, dataDir);
      Files.createDirectory(directory.resolve("tmp"));
    } catch (IOException e) {
      ServerRegistry.remove(directory);
      throw new UncheckedIOException("cannot make the data directory " + dataDir, e);
    }
  }

  /**
   * Runs the task when the JVM ends, while the servers still live; the task given last runs first.
   * For programs that want an orderly end instead of kills.
   */
  public static void beforeExit(Runnable task) {
    ServerRegistry.beforeExit(task);
  }

  /** Starts the stopped or killed server again, same port, same data. */
  public DatabaseServer start() {
    if (isRunning()) {
      throw new IllegalStateException("server " + directory + " runs already");
    }
    if (!fixedPort && !Ports.isFree(port)) {
      Await.until("port " + port + " free again", START_TIMEOUT, () -> Ports.isFree(port));
    }
    launch();
    return this;
  }

  /** What this server calls the parts of replication. */
  abstract ReplicaWords words();

  private void firstStart() {
    for (int attempt = 1; ; attempt++) {
      try {
        launch();
        return;
      } catch (PortTakenException e) {
        if (fixedPort || attempt == PORT_ATTEMPTS) {
          close();
          throw new IllegalStateException("no port for the server: " + port, e);
        }
        port = Ports.free();
      } catch (RuntimeException | AssertionError e) {
        close();
        throw e;
      }
    }
  }

  private void launch() {
    try {
      Files.deleteIfExists(log);
      Process started =
          installation
              .command(installation.server(), arguments())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process = started;
      Files.writeString(ServerRegistry.pidFile(directory), Long.toString(started.pid()));
      Await.until(
          "server ready",
          START_TIMEOUT,
          () -> !started.isAlive() || LogTail.read(log).contains("ready for connections"),
          this::logTail);
      if (!started.isAlive()) {
        String tail = logTail();
        if (tail.contains("Bind on TCP/IP port") || tail.contains("Address already in use")) {
          throw new PortTakenException(tail);
        }
        throw new IllegalStateException("server died at start:\n" + tail);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + installation.server(), e);
    }
    LOGGER
        .atInfo()
        .addKeyValue("server", installation.name())
        .addKeyValue("port", port)
        .addKeyValue("path", directory)
        .log("database server started");
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--no-defaults");
    arguments.addAll(placeOptions(installation, dataDir));
    arguments.addAll(DataTemplate.innodbFiles(installation));
    arguments.add("--tmpdir=" + directory.resolve("tmp"));
    arguments.add("--socket=" + socket());
    arguments.add("--pid-file=" + directory.resolve("running.pid"));
    arguments.add("--port=" + port);
    options.forEach(
        (name, value) -> arguments.add(value == null ? "--" + name : "--" + name + "=" + value));
    return arguments;
  }

  /** Options that say where things are; the same for bootstrap and for running. */
  static List<String> placeOptions(ServerInstallation installation, Path dataDir) {
    Path share = installation.share();
    List<String> arguments = new ArrayList<>();
    arguments.add("--basedir=" + installation.base());
    arguments.add("--lc-messages-dir=" + share);
    arguments.add("--character-sets-dir=" + share.resolve("charsets"));
    installation.pluginDirectory().ifPresent(plugins -> arguments.add("--plugin-dir=" + plugins));
    arguments.add("--datadir=" + dataDir);
    if (System.getProperty("user.name", "").equals("root")) {
      arguments.add("--user=root");
    }
    return arguments;
  }

  /** Clean shutdown: the binlog's last file ends with a STOP event. Returns when it is over. */
  public void stop() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return;
    }
    running.destroy();
    if (!waitFor(running, STOP_TIMEOUT)) {
      kill9();
      throw new AssertionError("server did not shut down, killed:\n" + logTail());
    }
  }

  /** SIGKILL, as a crash. Returns when the process is gone. */
  public void kill9() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      waitFor(running, STOP_TIMEOUT);
    }
  }

  private static boolean waitFor(Process running, Duration timeout) {
    try {
      return running.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Clean shutdown, then start. */
  public void restart() {
    stop();
    start();
  }

  /** Sets a start option for the next {@link #start()}; null is a flag without value. */
  public void setOption(String name, @Nullable String value) {
    options.put(name, value);
  }

  /** Kills the server and removes its directory. May be called twice. */
  @Override
  public void close() {
    kill9();
    ServerRegistry.remove(directory);
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** The number of the process that was started last. */
  public long pid() {
    return java.util.Objects.requireNonNull(process).pid();
  }

  public Path dataDir() {
    return dataDir;
  }

  public Path socket() {
    return directory.resolve("s");
  }

  public ServerInstallation installation() {
    return installation;
  }

  /** What {@code SELECT VERSION()} answers. */
  public String version() {
    return String.valueOf(queryString("SELECT VERSION()"));
  }

  /** A client program of the same installation, for example {@code mariadb-binlog}. */
  public Optional<Path> client(String program) {
    return installation.tool(program);
  }

  /** The server's whole log since its last start. */
  public String log() {
    try {
      return LogTail.read(log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }

  /** The last lines of the server's log. */
  public String logTail() {
    return LogTail.of(log);
  }

  /** JDBC address with the root user in it. */
  public String jdbcUrl() {
    return sql().url() + "&user=root";
  }

  /** SQL as root. */
  public SqlClient sql() {
    return SqlClient.at(host(), port, "root", "");
  }

  /** SQL as somebody else. */
  public SqlClient sql(String user, String password) {
    return SqlClient.at(host(), port, user, password);
  }

  /** A JDBC connection as root, which the caller closes. */
  public Connection connect() {
    return sql().connect();
  }

  public void execute(String... statements) {
    sql().execute(statements);
  }

  public @Nullable String queryString(String query) {
    return sql().queryString(query);
  }

  public List<@Nullable String> queryRow(String query) {
    return sql().queryRow(query);
  }

  public List<List<@Nullable String>> queryRows(String query) {
    return sql().queryRows(query);
  }

  public Map<String, @Nullable String> queryMap(String query) {
    return sql().queryMap(query);
  }

  /**
   * Creates {@code name@'%'}, with the password, as this server does it unless told otherwise; each
   * grant is the part between {@code GRANT} and {@code TO}, for example {@code "REPLICATION SLAVE
   * ON *.*"}.
   */
  public abstract void createUser(String name, String password, String... grants);

  /** Adds {@code GRANT x TO name@'%'} for each grant. */
  static void addGrants(List<String> statements, String name, String... grants) {
    for (String grant : grants) {
      statements.add("GRANT " + grant + " TO '" + name + "'@'%'");
    }
  }

  /** Where the binlog ends: file and position. */
  public BinlogEnd binlogEnd() {
    return binlogEnd(sql());
  }

  /** The same of a relay that speaks as this server does. */
  public BinlogEnd binlogEnd(SqlClient relay) {
    List<@Nullable String> row = relay.queryRow(words().binlogStatus());
    if (row.isEmpty()) {
      throw new IllegalStateException("server has no binlog: " + this);
    }
    return new BinlogEnd(String.valueOf(row.get(0)), Long.parseLong(String.valueOf(row.get(1))));
  }

  /** Names of the binlog files, oldest first, from the index file (also when stopped). */
  public List<String> binlogFiles() {
    Path index = dataDir.resolve(binlogBase() + ".index");
    try {
      return Files.readAllLines(index).stream()
          .filter(line -> !line.isBlank())
          .map(line -> Path.of(line.strip()).getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + index, e);
    }
  }

  /** Names of the binlog files that are no longer written; all of them when the server is down. */
  public List<String> closedBinlogFiles() {
    List<String> all = binlogFiles();
    return isRunning() ? all.subList(0, all.size() - 1) : all;
  }

  public Path binlogPath(String file) {
    return dataDir.resolve(file);
  }

  private String binlogBase() {
    String base = options.get("log-bin");
    if (base == null) {
      throw new IllegalStateException("server has no binlog (expected: builder().binlog(NAME))");
    }
    return base;
  }

  /** SHA-256 of a closed binlog file, in lower-case hex. */
  public String binlogSha256(String file) {
    return sha256(binlogPath(file));
  }

  /** SHA-256 of any file, in lower-case hex. */
  public static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return installation.name() + " at " + host() + ":" + port;
  }

  /** Another process was faster to take the port. */
  private static final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String message) {
      super(message);
    }
  }

  /** File and position of a binlog's end. */
  public record BinlogEnd(String file, long position) {}

  /**
   * Options of one server. Later options win over the defaults.
   *
   * @param <B> the builder itself
   * @param <S> the server that it starts
   */
  public abstract static class Builder<B extends Builder<B, S>, S extends DatabaseServer> {
    private final Map<String, @Nullable String> options = new LinkedHashMap<>();
    private ServerInstallation installation;
    private int port;

    Builder(ServerInstallation installation) {
      this.installation = installation;
      option("bind-address", "127.0.0.1");
      option("skip-name-resolve");
      option("skip-log-bin");
      option("server-id", "1");
      option("character-set-server", "utf8mb4");
      option("max-allowed-packet", "1G");
      option("performance-schema", "OFF");
      option("innodb-buffer-pool-size", "64M");
      option("innodb-buffer-pool-dump-at-shutdown", "OFF");
      option("innodb-buffer-pool-load-at-startup", "OFF");
      option("innodb-flush-log-at-trx-commit", "0");
      option("key-buffer-size", "8M");
      option("relay-log", "relay-bin");
      option("local-infile", "ON");
      option("secure-file-priv", "");
    }

    abstract B self();

    /** Makes the server, with its data directory, without running it. */
    abstract S make();

    /** Which server to run. */
    public B installation(ServerInstallation value) {
      this.installation = value;
      return self();
    }

    ServerInstallation installation() {
      return installation;
    }

    /** A fixed port; a free one by default. */
    public B port(int value) {
      this.port = value;
      return self();
    }

    public B serverId(long value) {
      return option("server-id", Long.toString(value));
    }

    /** Turns the binlog on, with that base name. */
    public B binlog(String baseName) {
      options.remove("skip-log-bin");
      return option("log-bin", baseName);
    }

    /** A start option with a value; underscores and dashes are the same. */
    public final B option(String name, String value) {
      options.put(normal(name), value);
      return self();
    }

    /** A start option without a value, for example {@code log_slave_updates}. */
    public final B option(String name) {
      options.put(normal(name), null);
      return self();
    }

    final boolean has(String name) {
      return options.containsKey(name);
    }

    final void remove(String name) {
      options.remove(name);
    }

    /** Starts the server; returns when it accepts logins. */
    public S start() {
      S server = make();
      DatabaseServer base = server;
      base.firstStart();
      return server;
    }

    private static String normal(String name) {
      return name.replace('_', '-');
    }
  }
}

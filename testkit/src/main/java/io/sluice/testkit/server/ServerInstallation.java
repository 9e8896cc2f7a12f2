package io.sluice.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the programs of one database server are. Immutable; any thread.
 *
 * <p>A server made by {@code dev/install-servers} is a folder {@code NAME} (for example {@code
 * mariadb-10.11}) below the folder that the environment variable {@code SLUICE_SERVERS} names, with
 * an unpacked file tree in it ({@code usr/sbin}, {@code usr/bin}, {@code usr/share/mysql} or {@code
 * bin}, {@code share}) and its libraries, all of which come before those of the system. A folder
 * with a file {@code loader} brings the C library too: its programs are run through that dynamic
 * loader, with no library of the system. With {@code SLUICE_SERVERS_REQUIRED} set, a server that is
 * not there is an error instead of an empty answer. The folder {@code clients} has programs and no
 * server.
 */
public final class ServerInstallation {
  /** Environment variable: the folder with one sub-folder per installed server. */
  public static final String SERVERS = "SLUICE_SERVERS";

  /** Environment variable: when set and not empty, missing servers are errors. */
  public static final String SERVERS_REQUIRED = "SLUICE_SERVERS_REQUIRED";

  private static final List<String> PROGRAM_DIRECTORIES =
      List.of("bin", "sbin", "usr/bin", "usr/sbin", "libexec", "usr/libexec");
  private static final List<String> LIBRARY_DIRECTORIES =
      List.of("lib", "libs", "usr/lib", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu");
  private static final List<String> SHARE_DIRECTORIES =
      List.of("usr/share/mysql", "usr/share/mariadb", "share/mysql", "share");

  private final String name;
  private final String version;
  private final Path base;

  private ServerInstallation(String name, String version, Path base) {
    this.name = name;
    this.version = version;
    this.base = base;
  }

  /** The MariaDB server that comes with the test class path; unpacked on first use. */
  public static ServerInstallation embedded() {
    return Holder.EMBEDDED;
  }

  /** The installed server of that name, or empty. */
  public static Optional<ServerInstallation> find(String name) {
    String folder = System.getenv(SERVERS);
    Optional<ServerInstallation> found =
        folder == null || folder.isEmpty() ? Optional.empty() : findIn(Path.of(folder), name);
    String required = System.getenv(SERVERS_REQUIRED);
    if (found.isEmpty() && required != null && !required.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "server: %s is not in %s=%s (expected: made by dev/install-servers)",
              name,
              SERVERS,
              folder));
    }
    return found;
  }

  /** The same, in a folder that the caller names. */
  static Optional<ServerInstallation> findIn(Path folder, String name) {
    Path base = folder.resolve(name);
    if (!Files.isDirectory(base)) {
      return Optional.empty();
    }
    try {
      Path real = base.toRealPath();
      Path versionFile = real.resolve("VERSION");
      String version =
          Files.exists(versionFile)
              ? Files.readString(versionFile).strip()
              : name.substring(name.indexOf('-') + 1);
      return Optional.of(
          Files.exists(versionFile)
              ? new ServerInstallation(name, version, real)
              : unpacked(name, version, real));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the server installation " + base, e);
    }
  }

  static ServerInstallation unpacked(String name, String version, Path base) {
    ServerInstallation installation = new ServerInstallation(name, version, base);
    installation.server();
    return installation;
  }

  /** For example {@code mariadb-embedded} or {@code mariadb-10.11}. */
  public String name() {
    return name;
  }

  /** The server's own version, for example {@code 11.4.5}. */
  public String version() {
    return version;
  }

  /** The root of the unpacked tree. */
  public Path base() {
    return base;
  }

  /** Whether this is a MySQL, not a MariaDB. */
  public boolean isMySql() {
    return name.startsWith("mysql");
  }

  /** Whether the version is that one or newer; for servers of one family. */
  public boolean isAtLeast(int major, int minor) {
    String[] parts = version.split("\\.");
    int ownMajor = Integer.parseInt(parts[0]);
    return ownMajor > major || (ownMajor == major && Integer.parseInt(parts[1]) >= minor);
  }

  /** The server program. */
  public Path server() {
    return tool("mariadbd")
        .or(() -> tool("mysqld"))
        .orElseThrow(() -> new IllegalStateException("no server program below " + base));
  }

  /** A program of this installation (for example {@code mariadb-binlog}), or empty. */
  public Optional<Path> tool(String program) {
    return PROGRAM_DIRECTORIES.stream()
        .map(directory -> base.resolve(directory).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The folder with {@code charsets/}, the message files and the bootstrap SQL. */
  Path share() {
    return SHARE_DIRECTORIES.stream()
        .map(base::resolve)
        .filter(directory -> Files.isDirectory(directory.resolve("charsets")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no share directory below " + base));
  }

  Optional<Path> pluginDirectory() {
    return Stream.of("usr/lib/mysql/plugin", "usr/lib/mariadb/plugin", "lib/plugin")
        .map(base::resolve)
        .filter(Files::isDirectory)
        .findFirst();
  }

  /** Prepares a child process that runs a program of this installation. */
  public ProcessBuilder command(Path program, List<String> arguments) {
    String libraries =
        LIBRARY_DIRECTORIES.stream()
            .map(base::resolve)
            .filter(Files::isDirectory)
            .map(Path::toString)
            .collect(Collectors.joining(":"));
    Path loader = base.resolve("loader");
    ProcessBuilder builder = new ProcessBuilder();
    Map<String, String> environment = builder.environment();
    if (Files.exists(loader)) {
      builder.command().addAll(List.of(loader.toString(), "--library-path", libraries));
      environment.remove("LD_LIBRARY_PATH");
    } else if (!libraries.isEmpty()) {
      environment.put("LD_LIBRARY_PATH", libraries);
    }
    builder.command().add(program.toString());
    builder.command().addAll(arguments);
    environment.remove("MYSQL_HOME");
    environment.put("TZ", "UTC");
    return builder;
  }

  @Override
  public String toString() {
    return name + " " + version + " (" + base + ")";
  }

  /** Unpacks lazily and once. */
  private static final class Holder {
    static final ServerInstallation EMBEDDED = EmbeddedDistribution.locate();
  }
}

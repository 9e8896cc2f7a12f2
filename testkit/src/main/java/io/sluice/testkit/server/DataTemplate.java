package io.sluice.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An initialised data directory per installation: made once by the server itself, then copied for
 * each server. Contains {@code root} without password on localhost, 127.0.0.1 and ::1, and no
 * anonymous users; no {@code auto.cnf}, so that each MySQL server gets a UUID of its own.
 */
final class DataTemplate {
  /** Part of the directory name: count it up when the content made here changes. */
  private static final int LAYOUT = 1;

  /**
   * A machine has few of the kernel's asynchronous requests: some 25 servers together, and those
   * that come later do not start.
   */
  private static final String NO_AIO = "--innodb-use-native-aio=OFF";

  /** Sizes that the files are made with; the running server gets the same. */
  private static final List<String> MARIADB_FILES =
      List.of(
          "--innodb-log-file-size=32M",
          "--innodb-undo-tablespaces=0",
          "--innodb-data-file-path=ibdata1:8M:autoextend",
          "--innodb-autoextend-increment=1",
          "--innodb-temp-data-file-path=ibtmp1:4M:autoextend",
          NO_AIO);

  private static final List<String> MYSQL_FILES =
      List.of(
          "--innodb-redo-log-capacity=32M",
          "--innodb-doublewrite=OFF",
          "--innodb-autoextend-increment=1",
          NO_AIO);
  private static final List<String> MYSQL56_FILES =
      List.of("--innodb-log-file-size=32M", "--innodb-autoextend-increment=1", NO_AIO);

  private static final List<String> MARIADB_SCRIPTS =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql",
          "maria_add_gis_sp_bootstrap.sql");
  private static final List<String> MYSQL56_SCRIPTS =
      List.of("mysql_system_tables.sql", "mysql_system_tables_data.sql");

  /** From MariaDB 10.6 on. */
  private static final String SYS_SCHEMA = "mariadb_sys_schema.sql";

  private static final List<String> MYSQL_ROOTS =
      List.of(
          "CREATE USER root@'127.0.0.1' IDENTIFIED BY '', root@'::1' IDENTIFIED BY '';",
          "GRANT ALL ON *.* TO root@'127.0.0.1', root@'::1' WITH GRANT OPTION;");

  private DataTemplate() {}

  static Path of(ServerInstallation installation) {
    String name = "data-" + installation.name() + "-" + installation.version() + "-layout" + LAYOUT;
    return SharedCache.directory(name, directory -> create(installation, directory));
  }

  /** Options about files of the data directory. */
  static List<String> innodbFiles(ServerInstallation installation) {
    if (!installation.isMySql()) {
      return MARIADB_FILES;
    }
    return installation.isAtLeast(8, 0) ? MYSQL_FILES : MYSQL56_FILES;
  }

  private static void create(ServerInstallation installation, Path directory) throws IOException {
    if (!installation.isMySql()) {
      bootstrap(installation, directory, mariaDbSql(installation.share()), mariaDbOptions());
    } else if (installation.isAtLeast(8, 0)) {
      Path roots = directory.resolveSibling(directory.getFileName() + ".sql");
      Files.write(roots, MYSQL_ROOTS);
      run(
          installation,
          directory,
          "",
          List.of("--initialize-insecure", "--mysqlx=OFF", "--init-file=" + roots));
      Files.delete(roots);
    } else {
      bootstrap(
          installation,
          directory,
          mysql56Sql(installation.share()),
          List.of("--explicit-defaults-for-timestamp"));
    }
    Files.deleteIfExists(directory.resolve("ib_buffer_pool"));
    Files.deleteIfExists(directory.resolve("auto.cnf"));
  }

  private static String mariaDbSql(Path share) throws IOException {
    StringBuilder sql = new StringBuilder();
    sql.append("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
    List<String> scripts = new ArrayList<>(MARIADB_SCRIPTS);
    if (Files.exists(share.resolve(SYS_SCHEMA))) {
      scripts.add(SYS_SCHEMA);
    }
    appendScripts(sql, share, scripts);
    return sql.append("DELETE FROM mysql.global_priv WHERE User='';\n").toString();
  }

  private static String mysql56Sql(Path share) throws IOException {
    StringBuilder sql = new StringBuilder("create database mysql;\nuse mysql;\n");
    appendScripts(sql, share, MYSQL56_SCRIPTS);
    return sql.append("DELETE FROM mysql.user WHERE User='';\n")
        .append("DELETE FROM mysql.db;\n")
        .toString();
  }

  private static void appendScripts(StringBuilder sql, Path share, List<String> scripts)
      throws IOException {
    for (String script : scripts) {
      // Lines about the machine's own host name would warn at each start.
      sql.append(
          Files.readAllLines(script(share, script), StandardCharsets.UTF_8).stream()
              .filter(line -> !line.contains("@current_hostname"))
              .collect(Collectors.joining("\n", "", "\n")));
    }
  }

  private static List<String> mariaDbOptions() {
    return List.of(
        "--enforce-storage-engine=", "--net-buffer-length=16K", "--max-allowed-packet=8M");
  }

  private static void bootstrap(
      ServerInstallation installation, Path directory, String sql, List<String> options)
      throws IOException {
    List<String> arguments = new ArrayList<>(options);
    arguments.add("--bootstrap");
    run(installation, directory, sql, arguments);
  }

  private static void run(
      ServerInstallation installation, Path directory, String input, List<String> options)
      throws IOException {
    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    List<String> arguments = new ArrayList<>();
    arguments.add("--no-defaults");
    arguments.addAll(DatabaseServer.placeOptions(installation, directory));
    arguments.addAll(innodbFiles(installation));
    arguments.add("--innodb-buffer-pool-size=20M");
    arguments.add("--skip-log-bin");
    arguments.addAll(options);
    Process process =
        installation
            .command(installation.server(), arguments)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("bootstrap died: " + LogTail.of(log), e);
    }
    try {
      if (process.waitFor() != 0) {
        throw new IOException("bootstrap failed: " + LogTail.of(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Files.deleteIfExists(log);
  }

  private static Path script(Path share, String name) throws IOException {
    for (String candidate : List.of(name, name.replace("mariadb_", "mysql_"))) {
      if (Files.exists(share.resolve(candidate))) {
        return share.resolve(candidate);
      }
    }
    throw new IOException("no " + name + " in " + share);
  }
}

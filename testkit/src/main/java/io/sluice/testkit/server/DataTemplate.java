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
 * An initialised data directory per installation: made once by running the server's bootstrap mode,
 * then copied for each server. Contains {@code root} without password on localhost, 127.0.0.1 and
 * ::1, and no anonymous users.
 */
final class DataTemplate {
  /** Part of the directory name: count it up when the content made here changes. */
  private static final int LAYOUT = 1;

  /** Sizes that the files are made with; the running server gets the same. */
  static final List<String> INNODB_FILES =
      List.of(
          "--innodb-log-file-size=32M",
          "--innodb-undo-tablespaces=0",
          "--innodb-data-file-path=ibdata1:8M:autoextend",
          "--innodb-autoextend-increment=1",
          "--innodb-temp-data-file-path=ibtmp1:4M:autoextend");

  private static final List<String> SCRIPTS =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql",
          "maria_add_gis_sp_bootstrap.sql");

  /** From MariaDB 10.6 on. */
  private static final String SYS_SCHEMA = "mariadb_sys_schema.sql";

  private DataTemplate() {}

  static Path of(ServerInstallation installation) {
    String name = "data-" + installation.name() + "-" + installation.version() + "-layout" + LAYOUT;
    return SharedCache.directory(name, directory -> create(installation, directory));
  }

  private static void create(ServerInstallation installation, Path directory) throws IOException {
    Path share = installation.share();
    StringBuilder sql = new StringBuilder();
    sql.append("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
    List<String> scripts = new ArrayList<>(SCRIPTS);
    if (Files.exists(share.resolve(SYS_SCHEMA))) {
      scripts.add(SYS_SCHEMA);
    }
    for (String script : scripts) {
      // Lines about the machine's own host name would warn at each start.
      sql.append(
          Files.readAllLines(script(share, script), StandardCharsets.UTF_8).stream()
              .filter(line -> !line.contains("@current_hostname"))
              .collect(Collectors.joining("\n", "", "\n")));
    }
    sql.append("DELETE FROM mysql.global_priv WHERE User='';\n");

    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    List<String> arguments = new ArrayList<>();
    arguments.add("--no-defaults");
    arguments.add("--bootstrap");
    arguments.addAll(MariaDbServer.placeOptions(installation, directory));
    arguments.addAll(INNODB_FILES);
    arguments.add("--innodb-buffer-pool-size=20M");
    arguments.add("--enforce-storage-engine=");
    arguments.add("--net-buffer-length=16K");
    arguments.add("--max-allowed-packet=8M");
    arguments.add("--skip-log-bin");
    Process process =
        installation
            .command(installation.server(), arguments)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(sql.toString().getBytes(StandardCharsets.UTF_8));
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
    Files.deleteIfExists(directory.resolve("ib_buffer_pool"));
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

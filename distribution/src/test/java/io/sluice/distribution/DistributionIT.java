package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unpacked distribution itself: launchers, plugins as jars, exit codes, stopping. */
class DistributionIT {

  private static final String RELAY =
      """
        servers { master { address = "127.0.0.1", port = 9 } }
        services {
          relay {
            router = binlog, servers = [master], user = u, password = p
            options { server-id = 4711 }
            listeners { relay { address = "127.0.0.1", port = %d } }
          }
        }
      """;

  private static final String APP =
      """
        servers { db { address = "127.0.0.1", port = 9 } }
        monitors { main { module = mariadb, servers = [db], user = u, password = p } }
        services {
          app {
            router = readwrite, monitor = main, user = u, password = p
            listeners { app { address = "127.0.0.1", port = %d } }
          }
        }
      """;

  private final int appPort = Ports.free();

  @TempDir Path directory;

  @Test
  void shouldPrintItsVersion() {
    SluiceProcess.Result result =
        SluiceProcess.run(
            List.of(SluiceProcess.builtHome().resolve("bin/sluice").toString(), "--version"));
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("0.1.0");
  }

  @Test
  void shouldCheckTheConfigurationThatItShips() {
    SluiceProcess.Result result =
        SluiceProcess.run(
            List.of(SluiceProcess.builtHome().resolve("bin/sluice").toString(), "--check"));
    assertThat(result.exit()).as(result.output()).isZero();
  }

  @Test
  void shouldReportEveryProblemWithLineAndExitWithTwo() {
    try (SluiceProcess sluice =
        new SluiceProcess(
            directory,
            """
            servers { master { adress = "127.0.0.1", port = 99999 } }
            services {
              relay { router = binlogg, servers = [mastr], listeners { l { port = 4001 } } }
              two { router = binlog, servers = [master], options { server-id = x }
                listeners { l { port = 4001 } } }
            }
            """)) {
      SluiceProcess.Result result = sluice.sluice();
      assertThat(result.exit()).as(result.output()).isEqualTo(2);
      assertThat(result.output())
          .contains("sluice.conf: 4: ")
          .contains("adress")
          .contains("did you mean 'address'")
          .contains("99999")
          .contains("binlogg")
          .contains("mastr")
          .contains("4001")
          .contains("server-id");
      assertThat(sluice.data().resolve("services")).doesNotExist();
    }
  }

  @Test
  void shouldWorkWithoutThePluginThatNobodyNamesAndSayWhichOneIsMissing() throws Exception {
    Path home = copyOfTheDistribution();
    Path jar = firstWith(home.resolve("plugins"), "router-binlog");
    Path aside = directory.resolve("aside.jar");
    Files.move(jar, aside);
    try (SluiceProcess sluice = new SluiceProcess(home, directory, APP.formatted(Ports.free()))) {
      sluice.start();
      assertThat(sluice.ctl("list", "modules").output())
          .contains("readwrite")
          .doesNotContain("binlog");
      assertThat(sluice.stop()).isZero();

      sluice.configure(RELAY.formatted(Ports.free()));
      SluiceProcess.Result refused = sluice.sluice();
      assertThat(refused.exit()).as(refused.output()).isEqualTo(2);
      assertThat(refused.output()).contains("services.relay.router").contains("binlog");

      Files.move(aside, jar);
      sluice.start();
      assertThat(sluice.ctl("list", "modules").output()).contains("binlog");
      assertThat(sluice.stop()).isZero();
    }
  }

  @Test
  void shouldRefuseASecondProcessOnOneDataDirectory() throws IOException {
    try (SluiceProcess first = new SluiceProcess(directory, RELAY.formatted(Ports.free()))) {
      first.start();
      SluiceProcess.Result second = first.sluice();
      assertThat(second.exit()).as(second.output()).isEqualTo(1);
      assertThat(first.running()).isTrue();
    }
  }

  @Test
  void shouldStartWithTheClassesThatWerePreparedAndWithoutThoseThatDoNotFit() throws Exception {
    Path home = copyOfTheDistribution();
    Path archive = home.resolve("lib/sluice.jsa");
    Path classes = directory.resolve("classes");
    SluiceProcess.Result made =
        SluiceProcess.run(List.of(home.resolve("bin/sluice-prepare").toString()));
    assertThat(made.exit()).as(made.output()).isZero();
    assertThat(archive).isNotEmptyFile();
    assertThat(home.resolve("lib/sluice.jsa.new")).doesNotExist();
    try (SluiceProcess sluice = new SluiceProcess(home, directory, RELAY.formatted(Ports.free()))) {
      sluice.javaOptions("-Xlog:class+load:file=" + classes).start();
      assertThat(sluice.stop()).isZero();
      assertThat(sharedClasses(classes)).isGreaterThan(1000);

      // The archive is not of this jar any more.
      Path jar = firstWith(home.resolve("lib"), "proxy-core");
      FileTime written = Files.getLastModifiedTime(jar);
      Files.setLastModifiedTime(jar, FileTime.fromMillis(written.toMillis() + 60_000));
      sluice.start();
      assertThat(sluice.stop()).isZero();
      assertThat(sharedClasses(classes)).isZero();
      Files.setLastModifiedTime(jar, written);

      byte[] damaged = Files.readAllBytes(archive);
      for (int at = damaged.length / 4; at < damaged.length; at += 4096) {
        damaged[at] ^= (byte) 0xff;
      }
      Files.delete(archive);
      Files.write(archive, damaged);
      sluice.start();
      assertThat(sluice.stop()).isZero();
      assertThat(sharedClasses(classes)).isZero();
    }
  }

  /** How many classes came from the archive of sluice-prepare. */
  private static long sharedClasses(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("shared objects file (top)")).count();
    }
  }

  @Test
  void shouldListEveryKindOfResource() {
    try (MariaDbServer db = MariaDbServer.builder().binlog("b").start();
        SluiceProcess sluice = new SluiceProcess(directory, everything(db))) {
      db.createUser("u", "secret-of-app", "ALL ON *.*");
      sluice.start();
      for (String type :
          List.of(
              "servers", "services", "listeners", "monitors", "filters", "sessions", "modules")) {
        for (String format : List.of("table", "json", "tsv")) {
          SluiceProcess.Result result = sluice.ctl("list", type, "-o", format);
          assertThat(result.exit()).as(type + ": " + result.output()).isZero();
        }
      }
      assertThat(sluice.ctl("list", "servers").output()).contains("db").contains("127.0.0.1");
      assertThat(sluice.ctl("list", "filters", "-o", "tsv").output()).contains("qlog");
      assertThat(sluice.ctl("show", "server", "db").exit()).isZero();
      assertThat(sluice.ctl("show", "service", "app").exit()).isZero();
      assertThat(sluice.ctl("show", "monitor", "main").exit()).isZero();
      assertThat(sluice.ctl("show", "module", "binlog").output()).contains("server-id");
      assertThat(sluice.ctl("show", "service", "nobody").exit()).isEqualTo(1);
      assertThat(sluice.ctl("show", "nonsense", "x").exit()).isEqualTo(2);
      assertThat(sluice.ctl("show", "service", "app").output()).doesNotContain("secret-of-app");
      assertPooled(sluice);
    }
  }

  /** One session after the other gets the connection of the one before. */
  private void assertPooled(SluiceProcess sluice) {
    String url = "jdbc:mariadb://127.0.0.1:" + appPort + "/?sslMode=trust";
    Await.until(
        "a session gets the connection of another",
        Duration.ofSeconds(60),
        () -> {
          try (Connection connection = DriverManager.getConnection(url, "u", "secret-of-app")) {
            connection.createStatement().execute("SELECT 1");
          }
          return sluice.metrics().matches("(?s).*sluice_server_pool_reused_total\\S* [1-9].*");
        },
        sluice::output);
    assertThat(sluice.ctl("show", "server", "db").output()).contains("max_idle").contains("reused");
  }

  private String everything(MariaDbServer db) {
    return """
      threads = 1
      servers {
        db { address = "127.0.0.1", port = %d, pool-max-idle = 4, options { tls = disable } }
      }
      monitors { main { module = mariadb, servers = [db], user = u, password = "secret-of-app" } }
      filters { qlog { module = query-log, options { file = "%s" } } }
      services {
        app {
          router = readwrite, monitor = main, filters = [qlog], user = u, password = "secret-of-app"
          keep-alive = 5m
          listeners { app { address = "127.0.0.1", port = %d } }
        }
      }
    """
        .formatted(db.port(), directory.resolve("q.log"), appPort);
  }

  private static Path firstWith(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(p -> p.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path copyOfTheDistribution() throws IOException {
    Path from = SluiceProcess.builtHome();
    Path to = directory.resolve("home");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return to;
  }
}

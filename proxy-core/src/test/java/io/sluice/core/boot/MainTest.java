package io.sluice.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.plugin.EngineVersion;
import io.sluice.core.plugin.PluginJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void setHome() throws IOException {
    Files.createDirectories(home.resolve("plugins"));
    Files.createDirectories(home.resolve("conf"));
    System.setProperty("sluice.home", home.toString());
  }

  @AfterEach
  void clearHome() {
    System.clearProperty("sluice.home");
    System.clearProperty("sluice.plugins");
  }

  @Test
  void shouldPrintTheVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out).hasToString("Sluice " + EngineVersion.current().full() + "\n");
  }

  @Test
  void shouldRefuseAnUnknownOption() {
    assertThat(run("--confg", "x")).isEqualTo(Main.BAD_CONFIGURATION);
    assertThat(err.toString()).contains("--confg");
  }

  @Test
  void shouldCheckTheConfigurationOfTheInstallation() throws IOException {
    Files.writeString(home.resolve("conf/sluice.conf"), "sluice { }");

    assertThat(run("--check")).isZero();
    assertThat(out.toString()).contains("sluice.conf: the configuration is valid");
    assertThat(home.resolve("data")).doesNotExist();
  }

  @Test
  void shouldAskForAConfigurationWithoutAnInstallation() {
    System.clearProperty("sluice.home");
    System.setProperty("sluice.plugins", home.resolve("plugins").toString());

    assertThat(run("--check")).isEqualTo(Main.BAD_CONFIGURATION);
    assertThat(err.toString()).contains("--config");
  }

  @Test
  void shouldListAllProblemsAndStartNothing() throws IOException {
    Path file = home.resolve("my.conf");
    Files.writeString(file, "sluice {\n  threads = x\n  dat-dir = y\n}");

    assertThat(run("--config", file.toString())).isEqualTo(Main.BAD_CONFIGURATION);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ": 2: sluice.threads: x (expected: auto, or integer)",
            file + ": 3: sluice.dat-dir: unknown key (did you mean 'data-dir'?)");
    assertThat(home.resolve("data")).doesNotExist();
  }

  @Test
  void shouldTellWhereTheJarOfAMissingModuleBelongs() throws IOException {
    Path file = home.resolve("my.conf");
    Files.writeString(file, "sluice { filters { f { module = tee } } }");
    PluginJar.named("one").filter("p.one", "log").write(home.resolve("plugins/one.jar"));

    assertThat(run("--check", "--config", file.toString())).isEqualTo(Main.BAD_CONFIGURATION);
    assertThat(err)
        .hasToString(
            file
                + ": 1: sluice.filters.f.module: tee: no such filter module (loaded: log; is its"
                + " plugin jar in "
                + home.resolve("plugins")
                + "?)\n");
  }

  @Test
  void shouldFailOnABadPlugin() throws IOException {
    Files.writeString(home.resolve("conf/sluice.conf"), "sluice { }");
    Files.writeString(home.resolve("plugins/broken.jar"), "no jar");

    assertThat(run("--check")).isEqualTo(Main.FAILED);
    assertThat(err.toString()).startsWith("sluice cannot start: ").contains("broken.jar");
  }

  @Test
  void shouldTakePluginsFromElsewhere() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    PluginJar.named("one").filter("p.one", "tee").write(elsewhere.resolve("one.jar"));
    System.setProperty("sluice.plugins", elsewhere.toString());
    Path file = home.resolve("my.conf");
    Files.writeString(file, "sluice { filters { f { module = tee } } }");

    assertThat(run("--check", "--config", file.toString())).isZero();
  }

  @Test
  void shouldWriteTheReference() throws IOException {
    PluginJar.named("one").filter("p.one", "tee").write(home.resolve("plugins/one.jar"));

    assertThat(run("--print-reference", home.resolve("docs").toString())).isZero();
    assertThat(home.resolve("docs/configuration.md"))
        .content()
        .contains("## `sluice.servers.NAME`");
    assertThat(home.resolve("docs/filters/tee.md")).content().contains("# The filter `tee`");
  }

  private int run(String... arguments) {
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}

package io.sluice.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.api.module.ModuleFactory;
import io.sluice.api.module.ModuleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginHostTest {

  @TempDir Path plugins;

  @Test
  void shouldLoadModules() throws IOException {
    PluginJar.named("one").filter("p.one", "first").write(plugins.resolve("one.jar"));
    PluginJar.named("two").filter("p.two", "second").write(plugins.resolve("two.jar"));

    try (PluginHost host = PluginHost.open(plugins)) {
      assertThat(host.modules().names(ModuleKind.FILTER)).containsExactly("first", "second");
      LoadedModule first = host.modules().find(ModuleKind.FILTER, "first").orElseThrow();
      assertThat(first.plugin()).isEqualTo("one");
      assertThat(first.version()).isEqualTo("1.2.3");
      assertThat(first.factory()).isInstanceOf(ModuleFactory.class);
      assertThat(host.modules().filter("second").info().name()).isEqualTo("second");
    }
  }

  @Test
  void shouldShareClassesOfADependency() throws IOException {
    Path base =
        PluginJar.named("base")
            .filter("p.base", "base")
            .source("p.base.Shared", "package p.base; public class Shared { }")
            .write(plugins.resolve("z-base.jar"));
    PluginJar.named("user")
        .entry("Plugin-Dependencies", "base")
        .filter("p.user", "user")
        .source("p.user.Uses", "package p.user; public class Uses extends p.base.Shared { }")
        .write(plugins.resolve("a-user.jar"), base);

    try (PluginHost host = PluginHost.open(plugins)) {
      ClassLoader user = host.modules().filter("user").getClass().getClassLoader();
      ClassLoader other = host.modules().filter("base").getClass().getClassLoader();
      Class<?> uses = load(user, "p.user.Uses");
      assertThat(user).isNotSameAs(other);
      assertThat(uses.getSuperclass()).isSameAs(load(other, "p.base.Shared"));
    }
  }

  @Test
  void shouldHaveNoModulesWithoutAFolder() {
    try (PluginHost host = PluginHost.open(plugins.resolve("missing"))) {
      assertThat(host.modules().modules()).isEmpty();
    }
  }

  @Test
  void shouldNameAMissingDependency() throws IOException {
    PluginJar.named("user")
        .entry("Plugin-Dependencies", "base")
        .filter("p.user", "user")
        .write(plugins.resolve("user.jar"));

    assertRefused("base");
  }

  @Test
  void shouldNameAJarThatIsNoJar() throws IOException {
    PluginJar.named("one").filter("p.one", "first").write(plugins.resolve("one.jar"));
    Files.writeString(plugins.resolve("broken.jar"), "this is no jar");

    assertRefused("broken.jar: no plugin: ");
  }

  @Test
  void shouldNameAJarWithoutManifest() throws IOException {
    PluginJar.named("").write(plugins.resolve("library.jar"));

    assertRefused("library.jar: no plugin: ");
  }

  @Test
  void shouldNameAPluginForAnotherEngine() throws IOException {
    PluginJar.named("future")
        .entry("Plugin-Requires", ">=99.0.0")
        .filter("p.future", "future")
        .write(plugins.resolve("future.jar"));

    assertRefused(
        "future.jar: plugin future: DISABLED (expected: STARTED): requires engine >=99.0.0, this is "
            + EngineVersion.current().triple());
  }

  @Test
  void shouldAcceptAPluginForThisEngine() throws IOException {
    PluginJar.named("now")
        .entry("Plugin-Requires", ">=" + EngineVersion.current().triple())
        .filter("p.now", "now")
        .write(plugins.resolve("now.jar"));

    try (PluginHost host = PluginHost.open(plugins)) {
      assertThat(host.modules().names(ModuleKind.FILTER)).containsExactly("now");
    }
  }

  @Test
  void shouldTellWhyAPluginDidNotStart() throws IOException {
    PluginJar.named("failing")
        .entry("Plugin-Class", "p.failing.Entry")
        .filter("p.failing", "failing")
        .source(
            "p.failing.Entry",
            """
            package p.failing;
            public class Entry extends org.pf4j.Plugin {
              public void start() { throw new IllegalStateException("no disk"); }
            }
            """)
        .write(plugins.resolve("failing.jar"));

    assertRefused("failing.jar: plugin failing: FAILED (expected: STARTED): no disk");
  }

  @Test
  void shouldNameAPluginWithoutModules() throws IOException {
    PluginJar.named("empty")
        .source("p.empty.Nothing", "package p.empty; class Nothing { }")
        .write(plugins.resolve("empty.jar"));

    assertRefused("empty.jar: plugin empty: no module in it (expected: META-INF/extensions.idx)");
  }

  @Test
  void shouldNameAnExtensionThatCannotBeLoaded() throws IOException {
    PluginJar.named("half")
        .filter("p.half", "half")
        .extension("p.half.Gone")
        .write(plugins.resolve("half.jar"));

    assertRefused("half.jar: plugin half: p.half.Gone: ClassNotFoundException");
  }

  @Test
  void shouldNameBothPluginsThatBringOneModule() throws IOException {
    PluginJar.named("one").filter("p.one", "same").write(plugins.resolve("one.jar"));
    PluginJar.named("two").filter("p.two", "same").write(plugins.resolve("two.jar"));

    assertRefused("filter same: two (expected: a name that plugin one does not use)");
  }

  @Test
  void shouldStopDependentsFirst() throws IOException {
    Path base = entry("base").write(plugins.resolve("base.jar"));
    entry("user").entry("Plugin-Dependencies", "base").write(plugins.resolve("user.jar"), base);
    System.clearProperty("sluice.test.stopped");

    PluginHost.open(plugins).close();

    assertThat(System.clearProperty("sluice.test.stopped")).isEqualTo("null user base");
  }

  private static PluginJar entry(String id) {
    return PluginJar.named(id)
        .entry("Plugin-Class", "p." + id + ".Entry")
        .filter("p." + id, id)
        .source(
            "p." + id + ".Entry",
            """
            package p.%s;
            public class Entry extends org.pf4j.Plugin {
              public void stop() {
                System.setProperty(
                    "sluice.test.stopped", System.getProperty("sluice.test.stopped") + " %s");
              }
            }
            """
                .formatted(id, id));
  }

  private void assertRefused(String text) {
    assertThatExceptionOfType(PluginException.class)
        .isThrownBy(() -> PluginHost.open(plugins).close())
        .withMessageContaining(text);
  }

  private static Class<?> load(ClassLoader loader, String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}

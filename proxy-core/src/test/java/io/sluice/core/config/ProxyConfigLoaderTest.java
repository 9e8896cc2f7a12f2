package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.plugin.FakeModules;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.server.PoolLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyConfigLoaderTest {

  private static final String GOOD =
      """
      sluice {
        data-dir = "state"
        threads = 3
        login-timeout = 7s, connect-timeout = 800ms, stop-grace-period = 1m
        admin { listen = "[::1]:9000" }
        servers {
          db1 { address = "10.0.0.1", port = 3306, options { key = hidden } }
          db2 { address = "db2.example", port = 3307, protocol = lines, proxy-protocol = v2 }
        }
        monitors {
          main { module = ping, servers = [db1, db2], user = watcher, password = "x y", interval = 500ms }
        }
        filters {
          plain { module = log, file = "a.log" }
          boxed { module = log, options { file = "b.log", limit = 4 } }
        }
        services {
          one {
            router = relay, servers = [db2], user = u, password = p
            options { limit = 99 }
            listeners {
              a { address = "127.0.0.1", port = 4001, proxy-protocol-networks = ["10.0.0.0/8"], options { limit = 2 } }
              b { port = 4002 }
            }
          }
          two { router = needy, monitor = main, filters = [boxed, plain] }
          three { router = needy, servers = [db1] }
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void shouldReadEverything() throws IOException {
    ProxyConfig config = load(GOOD);

    assertThat(config.dataDirectory()).isEqualTo(directory.resolve("state"));
    assertThat(config.threads()).isEqualTo(3);
    assertThat(config.timeouts())
        .isEqualTo(
            new Timeouts(Duration.ofSeconds(7), Duration.ofMillis(800), Duration.ofMinutes(1)));
    assertThat(config.admin()).isEqualTo(new AdminConfig(true, "::1", 9000));
    assertThat(config.admin()).hasToString("[::1]:9000");
    assertThat(config.servers()).extracting(ServerConfig::name).containsExactly("db1", "db2");
    assertThat(config.servers()).extracting(ServerConfig::protocol).containsOnly("lines");
    assertThat(config.servers().get(0).options().get(FakeModules.KEY)).isEqualTo("hidden");
    assertThat(config.monitors())
        .singleElement()
        .satisfies(
            monitor -> {
              assertThat(monitor.servers()).containsExactly("db1", "db2");
              assertThat(monitor.interval()).isEqualTo(Duration.ofMillis(500));
              assertThat(monitor.credentials()).isNotNull();
              assertThat(monitor.credentials().password()).isEqualTo("x y");
            });
    assertThat(config.filters())
        .extracting(filter -> filter.options().get(FakeModules.FILE))
        .containsExactly("a.log", "b.log");
  }

  @Test
  void shouldReadServices() throws IOException {
    List<ServiceConfig> services = load(GOOD).services();

    assertThat(services).extracting(ServiceConfig::name).containsExactly("one", "two", "three");
    assertThat(services).extracting(ServiceConfig::isMonitored).containsExactly(true, true, true);
    ServiceConfig one = services.get(0);
    assertThat(one.options().get(FakeModules.LIMIT)).isEqualTo(99);
    assertThat(one.listeners()).extracting(ListenerConfig::id).containsExactly("one-a", "one-b");
    assertThat(one.listeners())
        .extracting(ListenerConfig::address)
        .containsExactly("127.0.0.1", "0.0.0.0");
    assertThat(services.get(1).servers()).containsExactly("db1", "db2");
    assertThat(services.get(1).filters()).containsExactly("boxed", "plain");
  }

  @Test
  void shouldHaveDefaults() throws IOException {
    ProxyConfig config = load("sluice { }");

    assertThat(config.dataDirectory()).isEqualTo(directory.resolve("data"));
    assertThat(config.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.timeouts())
        .isEqualTo(
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(10)));
    assertThat(config.admin()).isEqualTo(new AdminConfig(true, "127.0.0.1", 8989));
    assertThat(config.services()).isEmpty();
  }

  @Test
  void shouldReadWhatIsKeptAndKeptAlive() throws IOException {
    ProxyConfig config =
        load(
            """
            sluice {
              servers {
                plain { address = a, port = 1 }
                kept { address = a, port = 2, pool-max-idle = 9, pool-idle-time = 5s, pool-max-age = 1h }
              }
              services {
                plain { router = relay, servers = [plain] }
                alive { router = relay, servers = [kept], keep-alive = 90s }
              }
            }
            """);

    assertThat(config.servers())
        .extracting(ServerConfig::pool)
        .containsExactly(
            new PoolLimits(0, Duration.ofSeconds(60), Duration.ofMinutes(30)),
            new PoolLimits(9, Duration.ofSeconds(5), Duration.ofHours(1)));
    assertThat(config.services())
        .extracting(ServiceConfig::keepAlive)
        .containsExactly(Duration.ZERO, Duration.ofSeconds(90));
  }

  @Test
  void shouldTurnAdministrationOff() throws IOException {
    assertThat(load("sluice.admin.listen = none").admin()).isEqualTo(AdminConfig.NONE);
  }

  @Test
  void shouldReportEverythingAtOnceInTheOrderOfTheFile() throws IOException {
    assertThat(problems(Files.readString(resource("many-problems.conf"))))
        .containsExactly(Files.readString(resource("many-problems.txt")).strip().split("\n"));
  }

  @Test
  void shouldReportTwoMonitorsOfOneServer() throws IOException {
    assertThat(
            problems(
                """
                sluice {
                  servers { db1 { address = a, port = 1 } }
                  monitors {
                    m1 { module = ping, servers = [db1] }
                    m2 { module = ping, servers = [db1] }
                  }
                }
                """))
        .containsExactly(
            "5: sluice.monitors.m2.servers: db1: watched by monitor m1 already"
                + " (expected: one monitor)");
  }

  @Test
  void shouldReportOverlappingPorts() throws IOException {
    assertThat(
            problems(
                """
                sluice {
                  admin.listen = "127.0.0.1:4000"
                  servers { db1 { address = a, port = 1 } }
                  services {
                    s1 { router = relay, servers = [db1], listeners {
                      all { port = 4000 }
                      one { address = localhost, port = 4001 }
                      two { address = "127.0.0.1", port = 4001 }
                      three { address = "127.0.0.2", port = 4001 }
                      free { port = 0 }
                      free2 { port = 0 }
                    } }
                  }
                }
                """))
        .containsExactly(
            "6: sluice.services.s1.listeners.all.port: 0.0.0.0:4000: taken by sluice.admin.listen"
                + " (expected: a port of its own)",
            "8: sluice.services.s1.listeners.two.port: 127.0.0.1:4001: taken by"
                + " sluice.services.s1.listeners.one.port (expected: a port of its own)");
  }

  @Test
  void shouldReportListenersThatWouldShareADirectory() throws IOException {
    assertThat(
            problems(
                """
                sluice {
                  servers { db1 { address = a, port = 1 } }
                  services {
                    a-b { router = relay, servers = [db1], listeners { c { port = 1 } } }
                    a { router = relay, servers = [db1], listeners { b-c { port = 2 } } }
                  }
                }
                """))
        .containsExactly(
            "5: sluice.services.a.listeners.b-c: a-b-c: the name of"
                + " sluice.services.a-b.listeners.c too (expected: a unique name)");
  }

  @Test
  void shouldReportSectionsWithOneName() throws IOException {
    assertThat(
            problems(
                """
                sluice {
                  # db1 { in a comment
                  servers {
                    db1 { address = "a{", port = 1 }
                    "db1" {
                      port = 2 }
                  }
                  services.s { router = relay, servers = [db1], listeners { l { port = 5 } } }
                }
                sluice.services { s { listeners { l : { address = "x" } } } }
                """))
        .containsExactly(
            "5: sluice.servers.db1: a second section of this name"
                + " (expected: one; the first is in line 4)",
            "10: sluice.services.s: a second section of this name"
                + " (expected: one; the first is in line 8)",
            "10: sluice.services.s.listeners.l: a second section of this name"
                + " (expected: one; the first is in line 8)");
  }

  @Test
  void shouldReportAMissingModuleWithWhereToLook() throws IOException {
    ModuleRegistry none = ModuleRegistry.of(FakeModules.protocol("lines"));
    String text =
        """
        sluice {
          servers { db1 { address = a, port = 1 } }
          services { s { router = relay, servers = [db1], options { anything = 1 } } }
        }
        """;

    assertThat(problems(text, none))
        .containsExactly(
            "3: sluice.services.s.router: relay: no such router module (loaded: none; is its plugin"
                + " jar in the class path?)");
  }

  @Test
  void shouldAskForAProtocolWhenThereAreSeveral() throws IOException {
    ModuleRegistry two =
        ModuleRegistry.of(FakeModules.protocol("lines"), FakeModules.protocol("words"));

    assertThat(problems("sluice.servers { db1 { address = a, port = 1 } }", two))
        .containsExactly("1: sluice.servers.db1.protocol: missing (expected: one of lines, words)");
  }

  @Test
  void shouldReportAListenerOfAnotherProtocolThanItsServers() throws IOException {
    ModuleRegistry two =
        ModuleRegistry.of(
            FakeModules.protocol("lines"),
            FakeModules.protocol("words"),
            FakeModules.router("relay"));

    assertThat(
            problems(
                """
                sluice.servers { db1 { address = a, port = 1, protocol = lines } }
                sluice.services { s { router = relay, servers = [db1]
                  listeners { l { port = 1, protocol = words } } } }
                """,
                two))
        .containsExactly(
            "3: sluice.services.s.listeners.l.protocol: words (expected: lines, the protocol of"
                + " server db1)");
  }

  @Test
  void shouldReadWhoMayForwardConnectionsAndWhoWantsToKnowTheClient() throws IOException {
    ProxyConfig config = load(GOOD);

    assertThat(config.servers())
        .extracting(ServerConfig::proxyProtocol)
        .containsExactly(ProxyProtocol.NONE, ProxyProtocol.V2);
    assertThat(config.services().get(0).listeners())
        .extracting(listener -> listener.proxyNetworks().isEmpty())
        .containsExactly(false, true);
    assertThat(
            problems(
                """
                sluice.servers { db1 { address = a, port = 1 } }
                sluice.services { s { router = relay, servers = [db1]
                  listeners { l { port = 1, proxy-protocol-networks = ["10.0.0.0/8", "all"] } } } }
                """))
        .containsExactly(
            "3: sluice.services.s.listeners.l.proxy-protocol-networks: all (expected: an address,"
                + " or a network such as 10.0.0.0/8 or fd00::/8)");
  }

  @Test
  void shouldReportSyntaxErrorsWithLine() throws IOException {
    assertThat(problems("sluice {\n  servers [\n"))
        .singleElement()
        .asString()
        .startsWith("2: syntax: Key 'servers'");
  }

  @Test
  void shouldReportUnresolvedSubstitutions() throws IOException {
    assertThat(problems("sluice {\n  data-dir = ${sluice.nowhere}\n}"))
        .singleElement()
        .asString()
        .startsWith("2: substitution: ")
        .contains("${sluice.nowhere}");
  }

  @Test
  void shouldReportAMissingFile() {
    Path missing = directory.resolve("missing.conf");

    InvalidConfigException failure =
        catchThrowableOfType(
            InvalidConfigException.class,
            () -> ProxyConfigLoader.load(missing, directory, FakeModules.registry()));

    assertThat(failure).hasMessage(missing + ": config: not found (expected: a readable file)");
  }

  @Test
  void shouldNameTheIncludedFile() throws IOException {
    Files.writeString(directory.resolve("more.conf"), "\n\nsluice.servers.db1.prot = 1\n");

    InvalidConfigException failure =
        catchThrowableOfType(
            InvalidConfigException.class,
            () ->
                load(
                    """
                    include "more.conf"
                    sluice.servers.db1 { address = a, port = 1 }
                    """));

    assertThat(failure.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.origin()).endsWith("more.conf: 3");
              assertThat(problem.message()).isEqualTo("unknown key (did you mean 'port'?)");
            });
  }

  @Test
  void shouldTakeValuesFromTheEnvironment() throws IOException {
    assertThat(load("sluice.data-dir = ${PATH}").dataDirectory().toString())
        .endsWith(directory.resolve(System.getenv("PATH")).normalize().toString());
  }

  @Test
  void shouldLocateWhatAModuleComplainsOf() throws IOException {
    ServiceConfig one = load(GOOD).services().get(0);

    assertThat(
            one.source()
                .located(new InvalidConfigException("limit", "99 (expected: less)"))
                .toString())
        .isEqualTo(
            "["
                + directory.resolve("sluice.conf")
                + ": 20: sluice.services.one.options.limit: 99 (expected: less)]");
  }

  @Test
  void shouldNotShowSecrets() throws IOException {
    assertThat(load(GOOD).toString()).doesNotContain("hidden").doesNotContain("x y");
  }

  private ProxyConfig load(String text) throws IOException {
    return load(text, FakeModules.registry());
  }

  private ProxyConfig load(String text, ModuleRegistry modules) throws IOException {
    Path file = directory.resolve("sluice.conf");
    Files.writeString(file, text);
    return ProxyConfigLoader.load(file, directory, modules);
  }

  private List<String> problems(String text) throws IOException {
    return problems(text, FakeModules.registry());
  }

  private List<String> problems(String text, ModuleRegistry modules) throws IOException {
    try {
      load(text, modules);
    } catch (InvalidConfigException e) {
      String prefix = directory.resolve("sluice.conf") + ": ";
      return e.problems().stream().map(p -> p.toString().replace(prefix, "")).toList();
    }
    return List.of();
  }

  private static Path resource(String name) {
    return Path.of("src/test/resources/config", name);
  }
}

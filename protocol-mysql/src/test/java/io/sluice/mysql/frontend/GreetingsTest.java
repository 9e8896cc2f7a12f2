package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.protocol.Capability;
import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.mysql.account.StaticAccounts;
import io.sluice.mysql.auth.PasswordCache;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ServerGreeting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks for a version and method gets those of the servers, also when they are gone. */
class GreetingsTest {

  /** What servers show, compression, TLS and all. */
  private static final ServerGreeting MYSQL_9_7 =
      new ServerGreeting("9.7.4", new Capabilities(0xdfffffffL), 255, "caching_sha2_password");

  private static final ServerGreeting MYSQL_5_6 =
      new ServerGreeting("5.6.24-log", new Capabilities(0x807ff7ffL), 8, "mysql_native_password");

  private static final ServerGreeting MARIADB =
      new ServerGreeting(
          "11.8.9-MariaDB-log", new Capabilities(0x1d_81ff_fffeL), 45, "mysql_native_password");

  private record FakeServer(String name, Attributes attributes) implements Server {
    FakeServer(ServerGreeting greeting) {
      this("db", new Attributes());
      attributes.put(ServerGreeting.KEY, greeting);
    }

    @Override
    public String host() {
      return name;
    }

    @Override
    public int port() {
      return 3306;
    }

    @Override
    public String protocol() {
      return "mysql";
    }

    @Override
    public ServerState state() {
      return ServerState.unknown(Instant.EPOCH);
    }
  }

  @TempDir Path directory;

  private Greetings greetings(String users, @Nullable String version, Server... servers) {
    FakeListenerContext context = new FakeListenerContext(directory);
    context.servers = List.of(servers);
    Settings settings =
        ListenerSettings.SPEC.parse(
            ConfigFactory.parseString("users = [" + users + "]").root(), "x", new Problems());
    StaticAccounts accounts =
        StaticAccounts.of(
            settings.get(ListenerSettings.USERS), "users", new PasswordCache(), Instant.EPOCH);
    return new Greetings(context, accounts, version, Capabilities.of(Capabilities.SSL));
  }

  @Test
  void shouldGreetAsMySql9AndLeaveOutWhatTheProxyCannot() {
    ServerGreeting shown = greetings("", null, new FakeServer(MYSQL_9_7)).current();

    assertThat(shown.version()).isEqualTo("9.7.4");
    assertThat(shown.collation()).isEqualTo(255);
    assertThat(shown.authPlugin()).isEqualTo("caching_sha2_password");
    assertThat(shown.capabilities())
        .isEqualTo(Capabilities.COMMON.with(Capabilities.SSL | Capabilities.QUERY_ATTRIBUTES));
  }

  @Test
  void shouldOfferNoMoreThanAnOldServerHas() {
    ServerGreeting shown = greetings("", null, new FakeServer(MYSQL_5_6)).current();

    assertThat(shown)
        .extracting(ServerGreeting::version, ServerGreeting::collation, ServerGreeting::authPlugin)
        .containsExactly("5.6.24-log", 8, "mysql_native_password");
    assertThat(shown.capabilities().has(Capabilities.SESSION_TRACK)).isFalse();
    assertThat(shown.capabilities().has(Capabilities.DEPRECATE_EOF)).isFalse();
    assertThat(shown.capabilities().has(Capabilities.PLUGIN_AUTH_LENENC)).isTrue();
    assertThat(shown.capabilities().has(Capabilities.SSL)).isTrue();
  }

  @Test
  void shouldOfferWhatAllServersHave() {
    Greetings greetings = greetings("", null, new FakeServer(MARIADB), new FakeServer(MYSQL_5_6));

    ServerGreeting shown = greetings.current();

    assertThat(shown.version()).isEqualTo("11.8.9-MariaDB-log");
    assertThat(shown.capabilities().has(Capabilities.DEPRECATE_EOF)).isFalse();
    assertThat(greetings("", null, new FakeServer(MARIADB)).current().capabilities())
        .isEqualTo(
            Capabilities.COMMON
                .without(Capabilities.LONG_PASSWORD)
                .with(
                    Capabilities.SSL
                        | Capabilities.MARIADB_PROGRESS
                        | Capabilities.MARIADB_BULK
                        | Capabilities.MARIADB_EXTENDED_METADATA
                        | Capabilities.MARIADB_CACHE_METADATA));
  }

  @Test
  void shouldOfferBothFamiliesOnlyWhatBothHave() {
    assertThat(
            greetings("", null, new FakeServer(MARIADB), new FakeServer(MYSQL_9_7))
                .current()
                .capabilities())
        .isEqualTo(Capabilities.COMMON.with(Capabilities.SSL));
  }

  @Test
  void shouldNotLetColumnsBeLeftOutWhereSeveralServersAnswer() {
    ServerGreeting shown = greetings("", null, new FakeServer(MARIADB)).current();

    assertThat(Greetings.forNeeds(shown, Set.of(Capability.SEVERAL_SERVERS)).capabilities())
        .isEqualTo(shown.capabilities().without(Capabilities.MARIADB_CACHE_METADATA));
    assertThat(Greetings.forNeeds(shown, Set.of(Capability.STATEMENTS))).isEqualTo(shown);
  }

  @Test
  void shouldRememberOverARestartWithoutServers() {
    greetings("", null, new FakeServer(MYSQL_9_7)).current();

    assertThat(greetings("", null).current())
        .extracting(ServerGreeting::version, ServerGreeting::collation, ServerGreeting::authPlugin)
        .containsExactly("9.7.4", 255, "caching_sha2_password");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "{", "[]", "{\"version\": 1}"})
  void shouldIgnoreABrokenMemory(String content) throws Exception {
    Files.writeString(directory.resolve(GreetingFile.FILE), content);

    assertThat(greetings("", null).current().version())
        .isEqualTo(MySqlClientProtocol.DEFAULT_VERSION);
  }

  /** Clients of MySQL 9 cannot do the older method, which they would try if greeted with it. */
  @ParameterizedTest
  @CsvSource({
    "8.4.3, caching_sha2_password, 255, true",
    "5.7.44, mysql_native_password, 45, true",
    "5.6.51, mysql_native_password, 45, false",
    "11.4.2-MariaDB, mysql_native_password, 45, true",
  })
  void shouldFollowAConfiguredVersionUntilAServerIsKnown(
      String version, String plugin, int collation, boolean tracks) {
    ServerGreeting shown = greetings("{ name = u, password = p }", version).current();

    assertThat(shown.version()).isEqualTo(version);
    assertThat(shown.authPlugin()).isEqualTo(plugin);
    assertThat(shown.collation()).isEqualTo(collation);
    assertThat(shown.capabilities().has(Capabilities.SESSION_TRACK)).isEqualTo(tracks);
  }

  @Test
  void shouldGreetWithAMethodThatClientsCanBeginWith() {
    ServerGreeting sha =
        new ServerGreeting("8.0.36", new Capabilities(0xdfffffffL), 255, "sha256_password");
    ServerGreeting old =
        new ServerGreeting("5.7.44", new Capabilities(0xc1ffffffL), 8, "sha256_password");
    String newAccounts = "{ name = u, password = p, plugin = caching_sha2_password }";

    assertThat(
            List.of(
                greetings("", null, new FakeServer(sha)).current(),
                greetings("", null, new FakeServer(old)).current(),
                greetings(newAccounts, null, new FakeServer(MARIADB)).current()))
        .extracting(ServerGreeting::version, ServerGreeting::authPlugin)
        .containsExactly(
            tuple("8.0.36", "caching_sha2_password"),
            tuple("5.7.44", "mysql_native_password"),
            tuple("11.8.9-MariaDB-log", "caching_sha2_password"));
  }
}

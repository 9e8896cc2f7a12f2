package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.request.ServerGreeting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountCacheFileTest {

  private static final AccountTable TABLE =
      new AccountTable(
          List.of(
              new Account(
                  "repl",
                  HostPattern.of("10.%"),
                  List.of(
                      new StoredAuth("caching_sha2_password", "$A$005$\u0001\n\"\\\u007f'x"),
                      new StoredAuth("unix_socket", "")),
                  Set.of(Privilege.REPLICATION_SLAVE, Privilege.SUPER),
                  true,
                  false,
                  TlsRequirement.ENCRYPTED),
              new Account(
                  "two",
                  HostPattern.of("%"),
                  List.of(new StoredAuth("caching_sha2_password", "$A$005$x", "$A$005$\u001f")),
                  Set.of(Privilege.SYSTEM_VARIABLES_ADMIN),
                  false,
                  true,
                  new TlsDemand(
                      TlsRequirement.SPECIFIED, "AES256-SHA", "/CN=issuer", "/CN=subject"),
                  Instant.parse("2027-01-02T03:04:05Z"))),
          "server db1",
          Instant.parse("2026-11-21T01:02:03Z"),
          new ServerGreeting(
              "5.5.5-10.11.9-MariaDB", new Capabilities(1L << 35 | 5), 45, "mysql_native_password"),
          new ServerRules(
              false,
              DatabaseAccess.of(
                  List.of(
                      new DatabaseAccess.Grant("repl", HostPattern.of("10.%"), "sales\\_%", false),
                      new DatabaseAccess.Grant("", HostPattern.of("%"), "Open", true)),
                  Set.of("sales_eu", "Open"),
                  false)));

  @TempDir Path directory;

  private AccountCacheFile cache() {
    return new AccountCacheFile(directory);
  }

  private Path file() {
    return directory.resolve(AccountCacheFile.FILE);
  }

  @Test
  void shouldKeepEverything() throws Exception {
    cache().save(TABLE);

    AccountTable read = cache().load();

    assertThat(read).isNotNull();
    assertThat(read.accounts()).isEqualTo(TABLE.accounts());
    assertThat(read.origin()).isEqualTo("server db1");
    assertThat(read.loadedAt()).isEqualTo(TABLE.loadedAt());
    assertThat(read.greeting()).isEqualTo(TABLE.greeting());
    assertThat(read.rules()).isEqualTo(TABLE.rules());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void shouldReplaceAnOlderFile() throws Exception {
    cache().save(TABLE);
    cache().save(new AccountTable(List.of(), "server db2", Instant.EPOCH, null));

    AccountTable read = cache().load();

    assertThat(read.accounts()).isEmpty();
    assertThat(read.greeting()).isNull();
  }

  @Test
  void shouldHaveNothingAtFirst() {
    assertThat(cache().load()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"version\": 2, \"origin\": \"x\", \"loaded-at\": \"2026-11-21T01:02:03Z\"}",
        "{\"version\": 1, \"origin\": \"x\", \"loaded-at\": \"yesterday\"}",
        "{\"version\": 1, \"origin\": \"x\", \"loaded-at\": \"2026-11-21T01:02:03Z\","
            + " \"accounts\": [{\"user\": \"u\"}]}",
        "{\"version\": 1, \"origin\": \"x\", \"loaded-at\": \"2026-11-21T01:02:03Z\","
            + " \"accounts\": [{\"user\": \"u\", \"host\": \"%\", \"tls\": \"NONE\","
            + " \"privileges\": [\"FLY\"]}]}",
      })
  void shouldIgnoreWhatIsBroken(String content) throws Exception {
    Files.writeString(file(), content);

    assertThat(cache().load()).isNull();
  }

  /** A cut file is not JSON any more, wherever it is cut. */
  @Test
  void shouldIgnoreEveryPrefix() throws Exception {
    cache().save(TABLE);
    byte[] whole = Files.readAllBytes(file());

    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      assertThat(cache().load()).isNull();
    }
  }
}

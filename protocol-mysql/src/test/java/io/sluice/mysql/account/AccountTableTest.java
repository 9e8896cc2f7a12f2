package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.auth.AuthPlugin;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountTableTest {

  private final AccountTable table =
      new AccountTable(
          List.of(
              account("app", "%"),
              account("app", "10.0.%"),
              account("app", "10.0.0.1"),
              account("", "10.0.0.%"),
              account("other", "%")),
          "test",
          Instant.EPOCH,
          null);

  private static Account account(String user, String host, StoredAuth... methods) {
    return new Account(
        user, HostPattern.of(host), List.of(methods), Set.of(), false, false, TlsRequirement.NONE);
  }

  private String match(String user, String host) {
    return table.match(user, host).map(Account::name).orElse("none");
  }

  @Test
  void shouldTakeTheMostSpecificHost() {
    assertThat(match("app", "10.0.0.1")).isEqualTo("'app'@'10.0.0.1'");
    assertThat(match("app", "10.0.7.1")).isEqualTo("'app'@'10.0.%'");
    assertThat(match("app", "11.0.0.1")).isEqualTo("'app'@'%'");
  }

  @Test
  void shouldLetTheAnonymousAccountOfANearHostWin() {
    assertThat(match("app", "10.0.0.2")).isEqualTo("''@'10.0.0.%'");
    assertThat(match("nobody", "10.0.0.2")).isEqualTo("''@'10.0.0.%'");
  }

  @Test
  void shouldExplainWhyNothingMatched() {
    assertThat(match("nobody", "11.0.0.1")).isEqualTo("none");
    assertThat(table.explainNoMatch("nobody", "11.0.0.1")).contains("no account has this user");
    assertThat(
            new AccountTable(List.of(account("app", "10.0.0.1")), "test", Instant.EPOCH, null)
                .explainNoMatch("app", "1.1.1.1"))
        .contains("'10.0.0.1'");
    assertThat(AccountTable.NOTHING.explainNoMatch("app", "1.1.1.1")).contains("loaded");
  }

  @Test
  void shouldPreferTheMethodThatTheClientHasBegun() {
    StoredAuth socket = new StoredAuth("unix_socket", "");
    StoredAuth invalid = new StoredAuth("mysql_native_password", "invalid");
    StoredAuth good = new StoredAuth("mysql_native_password", "*" + "A".repeat(40));
    StoredAuth empty = new StoredAuth("caching_sha2_password", "");

    assertThat(account("u", "%", socket).verifiersFor(null)).isEmpty();
    assertThat(account("u", "%", socket, good).verifiersFor(null).get(0).text()).startsWith("*A");
    assertThat(account("u", "%", invalid).verifiersFor(null).get(0).text()).isEqualTo("invalid");
    assertThat(
            account("u", "%", invalid, empty)
                .verifiersFor(AuthPlugin.NATIVE_PASSWORD)
                .get(0)
                .plugin())
        .isEqualTo(AuthPlugin.CACHING_SHA2_PASSWORD);
    assertThat(
            account("u", "%", good, empty)
                .verifiersFor(AuthPlugin.CACHING_SHA2_PASSWORD)
                .get(0)
                .plugin())
        .isEqualTo(AuthPlugin.CACHING_SHA2_PASSWORD);
    assertThat(account("u", "%", good).methods().toString()).doesNotContain("AAAA");
  }
}

package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.mysql.result.ResultSetWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows as the families give them; columns that only one has are missing for the other. */
class AccountReaderTest {

  private final AccountReader reader = new AccountReader(101119);

  private static ResultSet rows(List<String> columns, Object[]... rows) {
    ResultSetWriter writer =
        new ResultSetWriter(UnpooledByteBufAllocator.DEFAULT, 1, Capabilities.INTERNAL);
    writer.columns(columns.stream().map(ColumnDefinition::string).toArray(ColumnDefinition[]::new));
    for (Object[] row : rows) {
      writer.row(row);
    }
    ByteBuf framed = writer.finish(2);
    ResultSetReader reader = new ResultSetReader(Capabilities.INTERNAL);
    reader.feed(framed);
    return reader.result();
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @Test
  void shouldReadTheViewOfMariaDb() {
    reader.users(
        rows(
            List.of(
                "Host",
                "User",
                "Password",
                "Super_priv",
                "Repl_slave_priv",
                "ssl_type",
                "plugin",
                "authentication_string",
                "password_expired",
                "is_role"),
            row("%", "repl", "*AB", "N", "Y", "", "mysql_native_password", "*AB", "N", "N"),
            row(
                "localhost",
                "root",
                "invalid",
                "Y",
                "Y",
                "",
                "mysql_native_password",
                "invalid",
                "N",
                "N"),
            row("", "a_role", "", "N", "Y", "", "", "", "N", "Y"),
            row("10.%", "tls", "", "N", "N", "ANY", "", null, "Y", "N")));
    reader.globalPriv(
        rows(
            List.of("Host", "User", "Priv"),
            row(
                "%",
                "repl", "{\"access\":34360262656,\"version_id\":101119,\"account_locked\":true}"),
            row(
                "localhost",
                "root",
                "{\"access\":32768,\"version_id\":101119,\"auth_or\":[{},{\"plugin\":\"unix_socket\"}]}"),
            row("%", "unknown", "{}"),
            row("10.%", "tls", "not json")));

    assertThat(reader.accounts()).hasSize(3);
    Account repl = reader.accounts().get(0);
    Account root = reader.accounts().get(1);
    Account tls = reader.accounts().get(2);
    assertThat(repl.name()).isEqualTo("'repl'@'%'");
    assertThat(repl.locked()).isTrue();
    assertThat(repl.privileges())
        .containsExactlyInAnyOrder(Privilege.REPLICATION_SLAVE, Privilege.REPLICATION_MASTER_ADMIN);
    assertThat(root.methods())
        .containsExactly(
            new StoredAuth("mysql_native_password", "invalid"), new StoredAuth("unix_socket", ""));
    assertThat(root.privileges()).contains(Privilege.SUPER);
    assertThat(tls.tls().kind()).isEqualTo(TlsRequirement.ENCRYPTED);
    assertThat(tls.expired()).isTrue();
    assertThat(tls.methods()).containsExactly(new StoredAuth("mysql_native_password", ""));
  }

  @Test
  void shouldGiveAnAccountWhatItsDefaultRoleHas() {
    reader.users(
        rows(
            List.of("Host", "User", "plugin", "is_role", "default_role"),
            row("%", "u", "", "N", "monitor"),
            row("%", "v", "", "N", "monitor"),
            row("%", "w", "", "N", ""),
            row("", "monitor", "", "Y", ""),
            row("", "reader", "", "Y", ""),
            row("", "PUBLIC", "", "Y", "")));
    reader.globalPriv(
        rows(
            List.of("Host", "User", "Priv"),
            row("", "monitor", "{\"access\":1048576,\"version_id\":101119,\"is_role\":true}"),
            row("", "reader", "{\"access\":1,\"version_id\":101119,\"is_role\":true}"),
            row("", "PUBLIC", "{\"access\":256,\"version_id\":101119,\"is_role\":true}")));
    reader.rolesMapping(
        rows(
            List.of("Host", "User", "Role"),
            row("%", "u", "monitor"),
            row("%", "w", "monitor"),
            row("", "monitor", "reader"),
            row("", "reader", "monitor")));

    assertThat(reader.accounts())
        .extracting(Account::user, account -> Privilege.list(account.privileges()))
        .containsExactly(
            tuple("u", "SELECT, PROCESS, BINLOG MONITOR"),
            tuple("v", "PROCESS"),
            tuple("w", "PROCESS"));
  }

  @Test
  void shouldReadTheTableOfMySql() {
    AccountReader reader = new AccountReader(0);
    reader.users(
        rows(
            List.of(
                "Host",
                "User",
                "Repl_client_priv",
                "ssl_type",
                "plugin",
                "authentication_string",
                "password_expired",
                "account_locked"),
            row("%", "app", "Y", "X509", "caching_sha2_password", "$A$005$\u0001x", "N", "Y")));
    reader.globalGrants(
        rows(
            List.of("USER", "HOST", "PRIV"),
            row("app", "%", "REPLICATION_SLAVE_ADMIN"),
            row("app", "%", "SOMETHING_NEW"),
            row("nobody", "%", "BINLOG_ADMIN")));

    Account app = reader.accounts().get(0);
    assertThat(app.locked()).isTrue();
    assertThat(app.tls().kind()).isEqualTo(TlsRequirement.CERTIFICATE);
    assertThat(app.methods())
        .containsExactly(new StoredAuth("caching_sha2_password", "$A$005$\u0001x"));
    assertThat(app.privileges())
        .containsExactlyInAnyOrder(Privilege.REPLICATION_CLIENT, Privilege.REPLICATION_SLAVE_ADMIN);
  }

  @Test
  void shouldReadTheTableOfAnOldMariaDb() {
    reader.users(
        rows(
            List.of("Host", "User", "Password", "plugin", "authentication_string"),
            row("%", "old", "*ABCD", "", "")));

    assertThat(reader.accounts().get(0).methods())
        .containsExactly(new StoredAuth("mysql_native_password", "*ABCD"));
  }

  /** The table of 5.6 keeps hashes in another column, but for the newer method. */
  @Test
  void shouldReadTheTableOfMySql56() {
    AccountReader reader = new AccountReader(0);
    reader.users(
        rows(
            List.of(
                "Host", "User", "Password", "Repl_slave_priv", "plugin", "authentication_string"),
            row("%", "plain", "*ABCD", "Y", "mysql_native_password", null),
            row("%", "older", "*ABCD", "N", "", ""),
            row("%", "oldest", "5d2e19393cc5ef67", "N", "", ""),
            row("%", "sha", "", "N", "sha256_password", "$5$x"),
            row("localhost", "", "", "N", "mysql_native_password", "")));

    assertThat(reader.accounts())
        .extracting(account -> account.name() + " " + account.methods())
        .containsExactly(
            "'plain'@'%' [StoredAuth[mysql_native_password]]",
            "'older'@'%' [StoredAuth[mysql_native_password]]",
            "'oldest'@'%' [StoredAuth[mysql_old_password]]",
            "'sha'@'%' [StoredAuth[sha256_password]]",
            "''@'localhost' [StoredAuth[mysql_native_password]]");
    assertThat(reader.accounts().get(0).methods().get(0).text()).isEqualTo("*ABCD");
    assertThat(reader.accounts().get(3).methods().get(0).text()).isEqualTo("$5$x");
    assertThat(reader.accounts().get(0).privileges()).containsExactly(Privilege.REPLICATION_SLAVE);
  }

  /** As MySQL 9.7 keeps an account after RETAIN CURRENT PASSWORD. */
  @Test
  void shouldReadBothPasswordsAndRefuseOneFactorOfTwo() {
    AccountReader reader = new AccountReader(0);
    reader.users(
        rows(
            List.of("Host", "User", "plugin", "authentication_string", "User_attributes"),
            row(
                "%",
                "two",
                "caching_sha2_password",
                "$A$00A$new",
                "{\"additional_password\": \"$A$00A$\\u001e\\u0018old\"}"),
            row(
                "%",
                "factors",
                "caching_sha2_password",
                "$A$00A$x",
                "{\"multi_factor_authentication\": [{\"plugin\": \"authentication_webauthn\"}]}"),
            row("%", "plain", "caching_sha2_password", "$A$00A$x", "{\"metadata\": {}}"),
            row("%", "none", "caching_sha2_password", "$A$00A$x", null)));

    List<Account> accounts = reader.accounts();
    assertThat(accounts.get(0).methods())
        .containsExactly(
            new StoredAuth("caching_sha2_password", "$A$00A$new", "$A$00A$\u001e\u0018old"));
    assertThat(accounts.get(1).methodNames())
        .isEqualTo("caching_sha2_password and authentication_webauthn");
    assertThat(accounts.get(1).verifiersFor(AuthPlugin.CACHING_SHA2_PASSWORD)).isEmpty();
    assertThat(accounts.get(2).methods().get(0).additional()).isEmpty();
    assertThat(accounts.get(3).methods().get(0).additional()).isEmpty();
  }

  @Test
  void shouldKnowWhenPasswordsOfMySqlGrowOld() {
    AccountReader reader = new AccountReader(0);
    reader.users(
        rows(
            List.of("Host", "User", "plugin", "password_expired"),
            row("%", "u", "caching_sha2_password", "N"),
            row("%", "v", "caching_sha2_password", "N")));
    reader.expiries(
        rows(List.of("User", "Host", "expires"), row("u", "%", "1000"), row("x", "%", "1000")));

    Account grows = reader.accounts().get(0);
    assertThat(grows.isExpired(Instant.ofEpochSecond(999))).isFalse();
    assertThat(grows.isExpired(Instant.ofEpochSecond(1000))).isTrue();
    assertThat(reader.accounts().get(1).isExpired(Instant.MAX)).isFalse();
  }

  /** What a session has of its roles at the beginning; tried on MySQL 9.7. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what the variables say; what u (default role r1, which has r2; also granted r3) gets
        "activate_all_roles_on_login=OFF | RELOAD, BINLOG MONITOR",
        "activate_all_roles_on_login=ON | RELOAD, PROCESS, BINLOG MONITOR",
        "mandatory_roles=m1 | RELOAD, BINLOG MONITOR",
        "mandatory_roles=m1, activate_mandatory_roles=ON | RELOAD, SHUTDOWN, BINLOG MONITOR",
        "mandatory_roles=m1, activate_all_roles_on_login=ON"
            + " | RELOAD, SHUTDOWN, PROCESS, BINLOG MONITOR",
        "mandatory_roles=`m``2`@`%`:'m1', activate_mandatory_roles=ON"
            + " | RELOAD, SHUTDOWN, FILE, BINLOG MONITOR",
        "mandatory_roles=r3@'10.%', activate_mandatory_roles=ON | RELOAD, BINLOG MONITOR",
        "mandatory_roles=`broken, activate_mandatory_roles=ON | RELOAD, BINLOG MONITOR",
      })
  void shouldGiveAccountsOfMySqlTheirActiveRoles(String variables, String privileges) {
    AccountReader reader = new AccountReader(0);
    reader.users(
        rows(
            List.of(
                "Host",
                "User",
                "Reload_priv",
                "Process_priv",
                "Shutdown_priv",
                "File_priv",
                "Repl_client_priv",
                "plugin",
                "account_locked"),
            row("%", "u", "N", "N", "N", "N", "N", "caching_sha2_password", "N"),
            row("%", "r1", "Y", "N", "N", "N", "N", "caching_sha2_password", "Y"),
            row("%", "r2", "N", "N", "N", "N", "Y", "caching_sha2_password", "Y"),
            row("%", "r3", "N", "Y", "N", "N", "N", "caching_sha2_password", "Y"),
            row("%", "r4", "Y", "Y", "Y", "Y", "Y", "caching_sha2_password", "Y"),
            row("%", "m1", "N", "N", "Y", "N", "N", "caching_sha2_password", "Y"),
            row("%", "m`2", "N", "N", "N", "Y", "N", "caching_sha2_password", "Y")));
    reader
        .mySqlRoles()
        .edges(
            rows(
                List.of("FROM_HOST", "FROM_USER", "TO_HOST", "TO_USER"),
                row("%", "r1", "%", "u"),
                row("%", "r2", "%", "r1"),
                row("%", "r1", "%", "r2"),
                row("%", "r3", "%", "u")));
    reader
        .mySqlRoles()
        .defaults(
            rows(
                List.of("HOST", "USER", "DEFAULT_ROLE_HOST", "DEFAULT_ROLE_USER"),
                row("%", "u", "%", "r1"),
                row("%", "u", "%", "r4")));
    Object[][] settings =
        Arrays.stream(variables.split(", ", -1))
            .map(setting -> setting.replace(':', ',').split("=", 2))
            .toArray(Object[][]::new);
    reader.mySqlRoles().variables(rows(List.of("Variable_name", "Value"), settings));

    Account user = reader.accounts().get(0);

    assertThat(user.user()).isEqualTo("u");
    assertThat(Privilege.list(user.privileges())).isEqualTo(privileges);
  }
}

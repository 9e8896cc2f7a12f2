package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.mysql.result.ResultSetWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    assertThat(tls.tls()).isEqualTo(TlsRequirement.ENCRYPTED);
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
    assertThat(app.tls()).isEqualTo(TlsRequirement.CERTIFICATE);
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
}

package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.DatabaseAccess.Grant;
import io.sluice.mysql.constant.Privilege;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAccessTest {

  private static final List<Grant> GRANTS =
      List.of(
          new Grant("u", HostPattern.of("%"), "sales\\_%", false),
          new Grant("u", HostPattern.of("10.0.0.1"), "near", false),
          new Grant("u", HostPattern.of("%"), "t_", true),
          new Grant("", HostPattern.of("%"), "open%", false));

  private static Account account(String user, Privilege... privileges) {
    return new Account(
        user,
        HostPattern.of("%"),
        List.of(),
        Set.of(privileges),
        false,
        false,
        TlsRequirement.NONE);
  }

  private static int code(DatabaseAccess access, Account account, String client, String database) {
    ReplyError error = access.refuse(account, client, HostRules.MARIADB, database);
    return error == null ? 0 : error.code();
  }

  @ParameterizedTest
  @CsvSource({
    "u, 10.0.0.2, sales_eu, 0",
    "u, 10.0.0.2, salesXeu, 1044",
    "u, 10.0.0.2, Sales_eu, 1044",
    "u, 10.0.0.1, near, 0",
    "u, 10.0.0.2, near, 1044",
    "u, 10.0.0.2, t_, 0",
    "u, 10.0.0.2, tX, 1044",
    "v, 10.0.0.2, openly, 0",
    "v, 10.0.0.2, open_missing, 1049",
    "v, 10.0.0.2, missing, 1044",
    "v, 10.0.0.2, Information_Schema, 0",
  })
  void shouldAnswerAsTheServer(String user, String client, String database, int code) {
    Set<String> names = Set.of("sales_eu", "salesXeu", "near", "t_", "tX", "openly");
    DatabaseAccess access = DatabaseAccess.of(GRANTS, names, false);

    assertThat(code(access, account(user), client, database)).isEqualTo(code);
  }

  @Test
  void shouldTakeGlobalPrivilegesThatAreForDatabases() {
    DatabaseAccess access = DatabaseAccess.of(GRANTS, Set.of("x"), false);

    assertThat(code(access, account("w", Privilege.SELECT), "1.1.1.1", "x")).isZero();
    assertThat(code(access, account("w", Privilege.SELECT), "1.1.1.1", "y")).isEqualTo(1049);
    assertThat(code(access, account("w", Privilege.PROCESS), "1.1.1.1", "x")).isEqualTo(1044);
  }

  @Test
  void shouldLeaveToTheServerWhatIsNotKnown() {
    assertThat(code(DatabaseAccess.UNKNOWN, account("w"), "1.1.1.1", "x")).isZero();
    assertThat(
            code(DatabaseAccess.of(GRANTS, null, false), account("u"), "1.1.1.1", "sales_missing"))
        .isZero();
  }

  @Test
  void shouldCompareNamesAsTheServer() {
    DatabaseAccess access = DatabaseAccess.of(GRANTS, Set.of("SALES_EU"), true);

    assertThat(code(access, account("u"), "1.1.1.1", "Sales_Eu")).isZero();
  }
}

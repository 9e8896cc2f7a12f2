package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.constant.Privilege;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivilegesTest {

  /** What SHOW GRANTS of MariaDB 11.4.5 and 10.11.19 answered for accounts that hold this. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "32768 | 110405 | 110405 | SUPER",
        "32768 | 101119 | 101119 | SUPER",
        "32768 | 101119 | 110405 | SUPER, BINLOG MONITOR, SET USER, FEDERATED ADMIN, CONNECTION"
            + " ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, BINLOG"
            + " REPLAY, SLAVE MONITOR",
        "32768 | 100502 | 110405 | SUPER, BINLOG MONITOR, SET USER, FEDERATED ADMIN, CONNECTION"
            + " ADMIN, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, BINLOG"
            + " ADMIN, BINLOG REPLAY, SLAVE MONITOR",
        "524288 | 100502 | 110405 | REPLICATION SLAVE",
        "524288 | 0 | 110405 | REPLICATION SLAVE, SLAVE MONITOR",
        "1048576 | 0 | 110405 | BINLOG MONITOR, SLAVE MONITOR",
        "17179869184 | 110405 | 110405 | REPLICATION SLAVE ADMIN",
        "17179869184 | 100502 | 110405 | REPLICATION SLAVE ADMIN, SLAVE MONITOR",
        "17179869184 | 0 | 110405 | USAGE",
        "549755812863 | 101119 | 101119 | ALL PRIVILEGES",
        "1099511626751 | 110405 | 110405 | ALL PRIVILEGES",
        "0 | 110405 | 110405 | USAGE",
      })
  void shouldMeanWhatServersMakeOfIt(long access, long written, long server, String list) {
    assertThat(Privilege.list(Privileges.ofAccessBits(access, written, server))).isEqualTo(list);
  }

  @Test
  void shouldTakeTheNumberOfTheFirstAccount() {
    Set<Privilege> all = Privileges.ofAccessBits(-1L, 0, 101119);

    assertThat(Privilege.list(all)).isEqualTo("ALL PRIVILEGES");
    assertThat(all).contains(Privilege.GRANT_OPTION);
  }

  @ParameterizedTest
  @CsvSource({
    "REPLICATION CLIENT, REPLICATION_CLIENT",
    "BINLOG MONITOR, REPLICATION_CLIENT",
    "REPLICA MONITOR, REPLICA_MONITOR",
    "SLAVE MONITOR, REPLICA_MONITOR",
    "REPLICATION REPLICA, REPLICATION_SLAVE",
    "REPLICATION_SLAVE_ADMIN, REPLICATION_SLAVE_ADMIN",
    "READ_ONLY ADMIN, READ_ONLY_ADMIN",
    "BINLOG_ADMIN, BINLOG_ADMIN",
  })
  void shouldKnowTheNamesOfBothFamilies(String name, Privilege privilege) {
    assertThat(Privileges.ofSqlName(name)).contains(privilege);
  }

  @Test
  void shouldHaveOneBitForEach() {
    EnumSet<Privilege> all = EnumSet.allOf(Privilege.class);
    all.removeIf(privilege -> !privilege.isOfMariaDb());
    assertThat(all).extracting(Privilege::bit).doesNotHaveDuplicates().isSorted().hasSize(40);
    assertThat(Privileges.COLUMNS.values()).doesNotHaveDuplicates().hasSize(32);
  }

  /** What servers of MySQL keep and print in their own words. */
  @Test
  void shouldKnowThoseOfMySql() {
    assertThat(Privilege.REPLICATION_CLIENT.mySqlName()).isEqualTo("REPLICATION CLIENT");
    assertThat(Privilege.REPLICATION_SLAVE_ADMIN.mySqlName()).isEqualTo("REPLICATION_SLAVE_ADMIN");
    assertThat(Privilege.REPLICATION_SLAVE_ADMIN.isMySqlDynamic()).isTrue();
    assertThat(Privilege.SYSTEM_VARIABLES_ADMIN.isMySqlDynamic()).isTrue();
    assertThat(Privilege.CREATE_ROLE.isMySqlDynamic()).isFalse();
    assertThat(Privilege.SUPER.isMySqlDynamic()).isFalse();
    assertThat(Privileges.ofSqlName("XA_RECOVER_ADMIN")).contains(Privilege.XA_RECOVER_ADMIN);
    assertThat(Privilege.list(EnumSet.of(Privilege.SELECT, Privilege.BACKUP_ADMIN)))
        .isEqualTo("SELECT");
  }
}

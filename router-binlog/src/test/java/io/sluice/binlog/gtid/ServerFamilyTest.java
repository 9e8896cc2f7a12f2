package io.sluice.binlog.gtid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFamilyTest {
  @ParameterizedTest
  @CsvSource({
    "5.5.5-10.11.19-MariaDB-0+deb12u1-log, MARIADB",
    "11.8.9-MariaDB, MARIADB",
    "9.7.4, MYSQL",
    "5.6.51-log, MYSQL",
    "8.0.45-36.1 Percona Server, MYSQL"
  })
  void shouldTellTheFamilyOfAVersion(String version, ServerFamily family) {
    assertThat(ServerFamily.ofVersion(version)).isEqualTo(family);
  }
}

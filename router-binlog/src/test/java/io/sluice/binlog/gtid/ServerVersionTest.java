package io.sluice.binlog.gtid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

  @ParameterizedTest
  @CsvSource({"9.7.4-2,90704", "5.6.24-log,50624", "8.4,80400", "8.0.26,80026", "none,0", "'',0"})
  void shouldReadTheNumbers(String version, int number) {
    assertThat(ServerVersion.number(version)).isEqualTo(number);
  }
}

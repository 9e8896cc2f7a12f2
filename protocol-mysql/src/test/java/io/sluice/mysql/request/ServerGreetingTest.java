package io.sluice.mysql.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.constant.Capabilities;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerGreetingTest {

  @ParameterizedTest
  @CsvSource({
    "5.5.5-10.11.19-MariaDB-log, true, 10.11.19-MariaDB-log",
    "11.4.5-MariaDB, true, 11.4.5-MariaDB",
    "9.7.4, false, 9.7.4",
    "8.0.36-28, false, 8.0.36-28",
    "5.5.5-, true, 5.5.5-"
  })
  void shouldKnowTheFamilyAndTheVersion(String version, boolean mariaDb, String plain) {
    ServerGreeting greeting = new ServerGreeting(version, Capabilities.NONE, 45, "x");

    assertThat(greeting.isMariaDb()).isEqualTo(mariaDb);
    assertThat(greeting.plainVersion()).isEqualTo(plain);
  }
}

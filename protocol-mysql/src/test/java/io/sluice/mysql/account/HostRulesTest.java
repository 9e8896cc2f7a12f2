package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders that real servers were asked for, see AccountsContract. */
class HostRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // From the nearest to the farthest.
        "MARIADB   | 10.1.1.1, 10.1.1._, 10.1.1.1%, 10.1.1.%, 10.1.%, 10.%, %",
        "MARIADB   | 10.1.__1.1, 10.1.1.%.1, 10.1.1.%",
        "MYSQL_OLD | 10.1.1.1, 10.1.1.1%, 10.1.1.%, 10.1.%.1, 10.%, %.1.1.1, %",
        "MYSQL     | 10.1.1.1, 10.1.1.0/24, 10.1.0.0/16, 10.1.1.0/255.255.255.0, localhost,"
            + " 10.1.1.%, %",
        "CONFIGURED | 10.0.0.1, 10.0.0.0/24, 10.0.0.%, 10.%",
      })
  void shouldPutTheNearestFirst(HostRules rules, String hosts) {
    List<HostPattern> wanted =
        Arrays.stream(hosts.split(",")).map(String::trim).map(HostPattern::of).toList();
    List<HostPattern> sorted = new ArrayList<>();
    for (int i = wanted.size() - 1; i >= 0; i--) {
      sorted.add(wanted.get(i));
    }

    sorted.sort(rules::compare);

    assertThat(sorted).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "MARIADB,    10.0.0.0/255.0.0.0, 10.1.2.3, true",
    "MARIADB,    10.0.0.0/8,         10.1.2.3, false",
    "MYSQL_OLD,  10.0.0.0/8,         10.1.2.3, false",
    "MYSQL,      10.0.0.0/8,         10.1.2.3, true",
    "MYSQL,      2001:db8::/32,      2001:db8::1, false",
    "CONFIGURED, 2001:db8::/32,      2001:db8::1, true",
    "MARIADB,    2001:db8::%,        2001:db8:0:0:0:0:0:1, true",
    "MARIADB,    localhost,          127.0.0.1, true",
    "MARIADB,    localhost,          127.0.0.2, false",
  })
  void shouldKnowTheNetworksOfTheServer(
      HostRules rules, String pattern, String address, boolean matches) {
    assertThat(HostPattern.of(pattern).matches(address, rules)).isEqualTo(matches);
  }
}

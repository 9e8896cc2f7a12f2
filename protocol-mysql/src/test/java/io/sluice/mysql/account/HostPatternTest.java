package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPatternTest {

  @ParameterizedTest
  @CsvSource({
    "%, 10.0.0.1, true",
    "'', 10.0.0.1, true",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.11, false",
    "10.0.%, 10.0.200.1, true",
    "10.0.%, 10.1.0.1, false",
    "10.0.0._, 10.0.0.7, true",
    "10.0.0._, 10.0.0.77, false",
    "%.7, 10.0.0.7, true",
    "1%.%.7, 10.0.0.7, true",
    "10\\_0, 10x0, false",
    "10\\_0, 10_0, true",
    "localhost, 127.0.0.1, true",
    "LOCALHOST, 127.0.0.1, true",
    "localhost, ::1, true",
    "localhost, 0:0:0:0:0:0:0:1, true",
    "::1, 0:0:0:0:0:0:0:1, true",
    "2001:db8::5, 2001:db8:0:0:0:0:0:5, true",
    "localhost, 10.0.0.1, false",
    "127.0.0.1, ::ffff:127.0.0.1, true",
    "127.0.0.1, 127.0.0.1, true",
    "db.example.com, 10.0.0.1, false",
    "192.168.1.0/255.255.255.0, 192.168.1.77, true",
    "192.168.1.0/255.255.255.0, 192.168.2.77, false",
    "192.168.1.0/24, 192.168.1.77, true",
    "192.168.1.0/24, 192.168.3.77, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "192.168.1.7/24, 192.168.1.7, false",
    "192.168.1.0/33, 192.168.1.7, false",
    "192.168.1.0/x, 192.168.1.7, false",
    "2001:db8::/32, 2001:db8::7, true",
    "192.168.1.0/24, 2001:db8::7, false",
  })
  void shouldMatchAsServersDo(String pattern, String address, boolean matches) {
    assertThat(HostPattern.of(pattern).matches(address)).isEqualTo(matches);
  }

  @Test
  void shouldSortTheMostSpecificFirst() {
    List<HostPattern> sorted = new ArrayList<>();
    for (String text : List.of("%", "10.%", "10.0.0.%", "10.0.0.0/24", "10.0.0.1", "%.1")) {
      sorted.add(HostPattern.of(text));
    }
    Collections.shuffle(sorted);

    sorted.sort(HostPattern::compareSpecificity);

    assertThat(sorted.subList(0, 4))
        .extracting(HostPattern::text)
        .containsExactly("10.0.0.1", "10.0.0.0/24", "10.0.0.%", "10.%");
    assertThat(sorted.subList(4, 6))
        .extracting(HostPattern::text)
        .containsExactlyInAnyOrder("%", "%.1");
  }
}

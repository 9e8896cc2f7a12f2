package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardsTest {

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "%, '', true",
    "_, '', false",
    "a%, a, true",
    "%a%b, xaxxb, true",
    "%a%b, xaxxbc, false",
    "a_c, abc, true",
    "a\\_c, abc, false",
    "a\\_c, a_c, true",
    "a\\%, ab, false",
    "a\\, a\\, true",
    "%%x, x, true",
    "sales\\_%, sales_eu, true",
    "sales\\_%, salesXeu, false",
  })
  void shouldFitAsServersDo(String pattern, String text, boolean fits) {
    assertThat(Wildcards.fits(pattern, text)).isEqualTo(fits);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void shouldNotTakeForEverOverManyWildCharacters() {
    assertThat(Wildcards.fits("%a".repeat(200) + "b", "a".repeat(2000))).isFalse();
  }
}

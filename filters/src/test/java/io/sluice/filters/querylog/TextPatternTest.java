package io.sluice.filters.querylog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {

  @ParameterizedTest
  @CsvSource({
    "select *, SELECT 1, true",
    "select *, insert, false",
    "*from t*, SELECT a FROM T WHERE b, true",
    "*from t, SELECT a FROM t2, false",
    "*, '', true",
    "'', '', true",
    "'', a, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
    "**a, xa, true"
  })
  void shouldFit(String pattern, String text, boolean fits) {
    assertThat(new TextPattern(pattern).fits(text)).isEqualTo(fits);
  }

  @Test
  void shouldNotTakeForEver() {
    TextPattern pattern = new TextPattern("*a".repeat(50) + "b");
    String text = "a".repeat(20_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertThat(pattern.fits(text)).isFalse());
  }
}

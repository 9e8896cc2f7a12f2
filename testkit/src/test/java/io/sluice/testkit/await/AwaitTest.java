package io.sluice.testkit.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void shouldReturnTheAcceptedValue() {
    AtomicInteger counter = new AtomicInteger();
    assertThat(
            Await.value("3", Duration.ofSeconds(5), counter::incrementAndGet, value -> value == 3))
        .isEqualTo(3);
  }

  @Test
  void shouldTellTheLastErrorAndTheDescription() {
    assertThatThrownBy(
            () ->
                Await.until(
                    "peace",
                    Duration.ofMillis(5),
                    () -> {
                      throw new IllegalStateException("war");
                    },
                    () -> "the state of things"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("peace: not within 5 ms")
        .hasMessageContaining("war")
        .hasMessageContaining("the state of things");
  }
}

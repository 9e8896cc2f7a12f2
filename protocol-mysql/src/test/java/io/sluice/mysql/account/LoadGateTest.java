package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadGateTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void shouldLetSeveralThroughAndThenOneInEachGap() {
    LoadGate gate = new LoadGate(Duration.ofSeconds(1), 3, 1000);

    assertThat(gate.take(1000)).isZero();
    assertThat(gate.take(1000)).isZero();
    assertThat(gate.take(1000)).isZero();
    assertThat(gate.take(1000)).isEqualTo(SECOND);
    assertThat(gate.take(1000 + SECOND)).isEqualTo(SECOND);
    assertThat(gate.take(1000 + 20 * SECOND)).isZero();
    assertThat(gate.take(1000 + 20 * SECOND)).isZero();
    assertThat(gate.take(1000 + 20 * SECOND)).isZero();
    assertThat(gate.take(1000 + 20 * SECOND)).isEqualTo(SECOND);
  }
}

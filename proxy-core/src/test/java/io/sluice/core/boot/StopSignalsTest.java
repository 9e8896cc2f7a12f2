package io.sluice.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StopSignalsTest {

  private final AtomicInteger stoppedAtOnce = new AtomicInteger();
  private final StopSignals signals = new StopSignals(stoppedAtOnce::incrementAndGet);

  @Test
  void shouldAskForAnOrderlyStopFirst() throws InterruptedException {
    signals.received("TERM");

    signals.await();
    assertThat(stoppedAtOnce).hasValue(0);
  }

  @Test
  void shouldStopAtOnceTheSecondTime() throws InterruptedException {
    signals.received("TERM");
    signals.received("INT");

    signals.await();
    assertThat(stoppedAtOnce).hasValue(1);
  }
}

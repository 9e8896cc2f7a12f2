package io.sluice.core.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownSequenceTest {

  private final List<String> done = new ArrayList<>();

  @Test
  void shouldDoStepsInOrderAndGoOnAfterAFailure() {
    ShutdownSequence sequence =
        new ShutdownSequence(Clock.systemUTC())
            .step("first", () -> done.add("first"))
            .step(
                "second",
                () -> {
                  done.add("second");
                  throw new IOException("broken");
                })
            .step("third", () -> done.add("third"));

    sequence.run();

    assertThat(done).containsExactly("first", "second", "third");
  }

  @Test
  void shouldRunOnce() {
    ShutdownSequence sequence =
        new ShutdownSequence(Clock.systemUTC()).step("first", () -> done.add("first"));

    sequence.run();
    sequence.run();

    assertThat(done).containsExactly("first");
  }
}

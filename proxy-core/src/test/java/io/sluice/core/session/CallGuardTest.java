package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallGuardTest implements CallGuard.Owner {

  private final List<String> events = new ArrayList<>();
  private final CallGuard guard = new CallGuard(this);

  @Override
  public void onDefect(Throwable thrown) {
    events.add("defect " + thrown.getMessage());
  }

  @Override
  public void onOutermostReturn() {
    events.add("outermost");
  }

  @Test
  void shouldTellOfTheReturnOnlyWhenTheOutermostCallIsOver() {
    guard.run(
        () -> {
          guard.run(() -> events.add("inner " + guard.isInside()));
          events.add("outer");
        });
    assertThat(events).containsExactly("inner true", "outer", "outermost");
    assertThat(guard.isInside()).isFalse();
  }

  @Test
  void shouldTakeErrorsToo() {
    guard.run(
        () -> {
          throw new NoSuchMethodError("old plugin");
        });
    assertThat(events).containsExactly("defect old plugin", "outermost");
  }
}

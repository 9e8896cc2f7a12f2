package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostFailuresTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private long now = 1_000 * SECOND;
  private final HostFailures failures =
      new HostFailures("svc", 3, Duration.ofSeconds(60), () -> now);

  private void fail(String host, int times) {
    for (int i = 0; i < times; i++) {
      failures.failed(host);
    }
  }

  @Test
  void shouldBlockForATimeAfterTooManyInARow() {
    fail("h", 2);
    assertThat(failures.refusal("h")).isNull();

    fail("h", 1);

    assertThat(failures.refusal("h").error().code()).isEqualTo(1129);
    assertThat(failures.refusal("other")).isNull();
    assertThat(failures.diagnostics())
        .isEqualTo(Map.of("failed", 3L, "blocked_hosts", Map.of("h", 60L)));
    now += 60 * SECOND;
    assertThat(failures.refusal("h")).isNull();
    fail("h", 2);
    assertThat(failures.refusal("h")).isNull();
  }

  @Test
  void shouldForgiveWithASuccessAndWithTime() {
    fail("h", 2);
    failures.succeeded("h");
    fail("h", 2);
    now += 61 * SECOND;
    fail("h", 2);

    assertThat(failures.refusal("h")).isNull();
  }

  @Test
  void shouldUnblockOneOrAll() {
    fail("a", 3);
    fail("b", 3);
    fail("c", 1);

    assertThat(failures.unblock("a")).isEqualTo(List.of("a"));
    assertThat(failures.refusal("a")).isNull();
    assertThat(failures.refusal("b")).isNotNull();
    assertThat(failures.unblock("")).isEqualTo(List.of("b"));
    assertThat(failures.refusal("b")).isNull();
  }

  @Test
  void shouldNotGrowWithoutBound() {
    for (int i = 0; i < 30_000; i++) {
      failures.failed("10." + i);
    }
    fail("last", 3);

    assertThat(failures.refusal("last")).isNotNull();
    assertThat(failures.unblock("10.0")).isEmpty();
  }

  @Test
  void shouldNeverBlockWhenTurnedOff() {
    HostFailures off = new HostFailures("svc", 0, Duration.ofSeconds(60), () -> now);
    for (int i = 0; i < 1000; i++) {
      off.failed("h");
    }

    assertThat(off.refusal("h")).isNull();
  }
}

package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterLinkTest {
  private static final LinkFailure LOST = LinkFailure.lost("gone");

  private final FakeEffects effects = new FakeEffects();
  private final ReconnectPolicy policy =
      new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(5));
  private final MasterLink link =
      new MasterLink(
          "relay", Runnable::run, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), policy, effects);

  private static final class FakeEffects implements MasterLink.Effects {
    final List<String> calls = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    Runnable timer = () -> {};

    @Override
    public void connect(int attempt) {
      calls.add("connect " + attempt);
    }

    @Override
    public void disconnect(int attempt) {
      calls.add("disconnect " + attempt);
    }

    @Override
    public void after(Duration pause, Runnable task) {
      pauses.add(pause);
      timer = task;
    }
  }

  private MasterState.Kind kind() {
    return link.status().state().kind();
  }

  private void stream(int attempt) {
    link.onLoggedIn(attempt);
    link.onStep(attempt, DialogueStep.DUMP);
    link.onStreaming(attempt);
  }

  @Test
  void shouldGoThroughAllPhasesOfAnAttempt() {
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    link.start();
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
    assertThat(effects.calls).containsExactly("connect 1");
    link.onLoggedIn(1);
    assertThat(link.status().state().ioState()).isEqualTo("Checking master version");
    link.onStep(1, DialogueStep.REGISTER);
    assertThat(link.status().state().ioState()).isEqualTo("Registering slave on master");
    link.onStreaming(1);
    assertThat(kind()).isEqualTo(MasterState.Kind.STREAMING);
    assertThat(link.status().isUp()).isTrue();
    assertThat(link.status().connects()).isEqualTo(1);
    assertThat(link.status().currentError()).isNull();
  }

  @Test
  void shouldReconnectWithGrowingPauses() {
    link.start();
    link.onFailed(1, LOST);
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
    assertThat(link.status().currentError()).isEqualTo(LOST);
    for (int attempt = 2; attempt <= 5; attempt++) {
      effects.timer.run();
      assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
      link.onFailed(attempt, LOST);
    }
    assertThat(effects.pauses)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }

  @Test
  void shouldBeginWithShortPauseAgainAfterProgress() {
    link.start();
    link.onFailed(1, LOST);
    effects.timer.run();
    link.onFailed(2, LOST);
    effects.timer.run();
    stream(3);
    link.onProgress();
    link.onFailed(3, LOST);
    assertThat(effects.pauses.get(2)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void shouldKeepTheErrorAfterAStopUntilTheNextStart() {
    link.start();
    link.onFailed(1, LinkFailure.fatal("wrong"));
    link.stop();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    assertThat(link.status().currentError().message()).isEqualTo("wrong");
    link.start();
    assertThat(link.status().currentError()).isNull();
    assertThat(link.status().lastFailure()).isNull();
  }

  @Test
  void shouldNotShowAnOldErrorAfterAStopOfARunningLink() {
    link.start();
    link.onFailed(1, LOST);
    effects.timer.run();
    stream(2);
    link.stop();
    assertThat(link.status().currentError()).isNull();
    assertThat(link.status().lastFailure()).isEqualTo(LOST);
  }

  @Test
  void shouldForgetAnErrorOnlyWhenNotRunning() {
    link.start();
    link.onFailed(1, LOST);
    link.onForget();
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
    assertThat(link.status().currentError()).isEqualTo(LOST);
    effects.timer.run();
    link.onFailed(2, LinkFailure.fatal("wrong"));
    link.onForget();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    assertThat(link.status().currentError()).isNull();
  }

  @Test
  void shouldRetrySlowlyWhatSomebodyMustRepair() {
    link.start();
    link.onFailed(1, LinkFailure.ofMaster(1045, "Access denied", false));
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
    assertThat(effects.pauses).containsExactly(Duration.ofSeconds(5));
    assertThat(link.status().currentError().code()).isEqualTo(1045);
  }

  @Test
  void shouldStopWhenRetryCannotHelp() {
    link.start();
    stream(1);
    link.onFailed(1, LinkFailure.ofMaster(1236, "Could not find first log file name", true));
    assertThat(kind()).isEqualTo(MasterState.Kind.STOPPED);
    assertThat(link.status().currentError().code()).isEqualTo(1236);
    assertThat(effects.pauses).isEmpty();
    link.start();
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
  }

  @Test
  void shouldStopAfterThreeEqualMismatches() {
    LinkFailure mismatch = LinkFailure.mismatch("f.1 at 4: the event's checksum is wrong");
    link.start();
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
      stream(attempt);
      link.onFailed(attempt, mismatch);
      effects.timer.run();
    }
    assertThat(kind()).isEqualTo(MasterState.Kind.STOPPED);
    assertThat(link.status().lastFailure().message()).contains("f.1 at 4", "3 times");
  }

  @Test
  void shouldNotCountMismatchesAtDifferentPlacesTogether() {
    link.start();
    for (int attempt = 1; attempt <= 6; attempt++) {
      stream(attempt);
      link.onFailed(attempt, LinkFailure.mismatch("place " + attempt % 2));
      effects.timer.run();
    }
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
  }

  @Test
  void shouldForgetMismatchesAfterProgress() {
    LinkFailure mismatch = LinkFailure.mismatch("same place");
    link.start();
    for (int attempt = 1; attempt <= 5; attempt++) {
      stream(attempt);
      link.onProgress();
      link.onFailed(attempt, mismatch);
      effects.timer.run();
    }
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
  }

  @Test
  void shouldIgnoreReportsOfAnOldAttempt() {
    link.start();
    link.onFailed(1, LOST);
    effects.timer.run();
    link.onLoggedIn(1);
    link.onStreaming(1);
    link.onFailed(1, LinkFailure.fatal("late"));
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
    assertThat(effects.calls).containsExactly("connect 1", "disconnect 1", "connect 2");
  }

  @Test
  void shouldStopOnRequestInEachState() {
    link.stop();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    link.start();
    link.stop();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    assertThat(effects.calls).containsExactly("connect 1", "disconnect 1");
    link.start();
    link.onFailed(3, LOST);
    link.stop();
    effects.timer.run();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    link.start();
    stream(5);
    assertThat(link.status().isUp()).isTrue();
    link.stop();
    assertThat(kind()).isEqualTo(MasterState.Kind.DISCONNECTED);
    assertThat(link.status().state().ioRunning()).isEqualTo("No");
  }

  @Test
  void shouldConnectAtOnceWhenStartedDuringAPause() {
    link.start();
    link.onFailed(1, LOST);
    Runnable old = effects.timer;
    link.start();
    assertThat(kind()).isEqualTo(MasterState.Kind.CONNECTING);
    old.run();
    assertThat(effects.calls).containsExactly("connect 1", "disconnect 1", "connect 2");
  }

  @Test
  void shouldGiveUpAfterAsManyAttemptsInARowAsAreAllowed() {
    policy.limit(2);
    link.start();
    link.onFailed(1, LOST);
    effects.timer.run();
    stream(2);
    link.onFailed(2, LOST);
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
    effects.timer.run();
    link.onFailed(3, LOST);
    assertThat(kind()).isEqualTo(MasterState.Kind.STOPPED);
    assertThat(link.status().currentError().code()).isEqualTo(LOST.code());
    link.start();
    link.onFailed(4, LOST);
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
  }

  @Test
  void shouldNeverGiveUpForWantOfRoomOnOurDisk() {
    LinkFailure full = new LinkFailure(LinkFailure.Kind.STORAGE, 1595, "store: No space left");
    policy.limit(2);
    link.start();
    for (int attempt = 1; attempt <= 10; attempt++) {
      link.onFailed(attempt, full);
      assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
      assertThat(link.status().currentError()).isEqualTo(full);
      effects.timer.run();
    }
    link.onFailed(11, LOST);
    assertThat(kind()).isEqualTo(MasterState.Kind.BACKING_OFF);
  }
}

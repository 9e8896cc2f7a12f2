package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionRegistryTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final SessionRegistry registry = new SessionRegistry();

  @Test
  void shouldNumberFromOneAndListByNumber() {
    Fake first = new Fake(false);
    Fake second = new Fake(true);
    registry.add(second);
    registry.add(first);

    assertThat(registry.list()).extracting(SessionInfo::id).containsExactly(1L, 2L);
    assertThat(registry.count()).isEqualTo(2);
    assertThat(registry.countClients()).isEqualTo(1);
    assertThat(registry.find(2)).map(SessionInfo::internal).contains(true);
    assertThat(registry.find(3)).isEmpty();
  }

  @Test
  void shouldCountAnEndOnce() {
    Fake session = new Fake(false);
    registry.add(session);

    registry.remove(session, CloseReason.KILLED);
    registry.remove(session, CloseReason.CLIENT_LOST);

    assertThat(registry.closed())
        .containsEntry(CloseReason.KILLED, 1L)
        .containsEntry(CloseReason.CLIENT_LOST, 0L);
  }

  @Test
  void shouldWaitForTheLastBytesOfSessionsThatAreOffTheListAlready() {
    Fake session = new Fake(false);
    session.leavesAtDrain = true;
    registry.add(session);

    CompletableFuture<Void> drained = registry.drain(LONG);

    assertThat(registry.count()).isZero();
    assertThat(drained).isNotDone();
    session.terminated.complete(null);
    assertThat(drained).succeedsWithin(Duration.ofSeconds(60));
  }

  @Test
  void shouldWaitForThemAfterTheGraceToo() throws Exception {
    Fake session = new Fake(false);
    session.leavesAtDrain = true;
    registry.add(session);

    CompletableFuture<Void> drained = registry.drain(Duration.ZERO);

    assertThat(drained).isNotDone();
    session.terminated.complete(null);
    drained.get(60, TimeUnit.SECONDS);
    assertThat(session.calls).containsExactly("drain");
  }

  @Test
  void shouldTellThoseThatAreLeftWhenTheGraceIsOver() throws Exception {
    Fake session = new Fake(false);
    session.endsAtKill = true;
    registry.add(session);

    registry.drain(Duration.ofMillis(20)).get(60, TimeUnit.SECONDS);

    assertThat(session.calls).containsExactly("drain", "kill shutdown");
  }

  @Test
  void shouldDrainWhoComesLateAndLeaveThoseWithoutAClientAlone() {
    Fake internal = new Fake(true);
    registry.add(internal);
    assertThat(registry.drain(LONG)).isCompleted();
    Fake late = new Fake(false);

    registry.add(late);

    assertThat(late.calls).containsExactly("drain");
    assertThat(internal.calls).isEmpty();
    registry.closeAll(CloseReason.SHUTDOWN, "over");
    assertThat(internal.calls).containsExactly("end shutdown");
  }

  private final class Fake implements ManagedSession {
    private final long id = registry.nextId();
    private final boolean internal;
    private final List<String> calls = new ArrayList<>();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private boolean leavesAtDrain;
    private boolean endsAtKill;

    Fake(boolean internal) {
      this.internal = internal;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public boolean isInternal() {
      return internal;
    }

    @Override
    public SessionInfo info() {
      return new SessionInfo(id, internal, "s", "", "", "open", Instant.MIN, Instant.MIN, 0);
    }

    @Override
    public CompletableFuture<SessionDetails> details() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void kill(Failure failure) {
      calls.add("kill " + failure.reason().label());
      if (endsAtKill) {
        registry.remove(this, failure.reason());
        terminated.complete(null);
      }
    }

    @Override
    public void end(CloseReason reason, String detail) {
      calls.add("end " + reason.label());
    }

    @Override
    public void drain() {
      calls.add("drain");
      if (leavesAtDrain) {
        registry.remove(this, CloseReason.SHUTDOWN);
      }
    }

    @Override
    public CompletableFuture<Void> terminated() {
      return terminated;
    }
  }
}

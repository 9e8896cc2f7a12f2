package io.sluice.core.session;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.SessionOwner;
import io.sluice.api.session.Sessions;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All sessions of the process, with and without a socket. Thread-safe. */
public final class SessionRegistry implements Sessions {

  private final Map<Long, ManagedSession> sessions = new ConcurrentHashMap<>();
  private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
  private final AtomicLong lastId = new AtomicLong();
  private volatile boolean draining;

  /** Without sessions. */
  public SessionRegistry() {
    for (CloseReason reason : CloseReason.values()) {
      closed.put(reason, new LongAdder());
    }
  }

  /** The next number; from 1, never reused. */
  public long nextId() {
    return lastId.incrementAndGet();
  }

  /** Lists a session. One that comes while the process stops is drained at once. */
  public void add(ManagedSession session) {
    sessions.put(session.id(), session);
    if (draining && !session.isInternal()) {
      session.drain();
    }
  }

  /** Takes a session off the list; counted by its reason the first time. */
  public void remove(ManagedSession session, CloseReason reason) {
    // Whoever no longer finds it finds it counted.
    sessions.computeIfPresent(
        session.id(),
        (id, known) -> {
          if (known != session) {
            return known;
          }
          count(reason).increment();
          return null;
        });
  }

  private LongAdder count(CloseReason reason) {
    @Nullable LongAdder adder = closed.get(reason);
    if (adder == null) {
      throw new IllegalStateException("reason: " + reason + " (expected: one that is counted)");
    }
    return adder;
  }

  @Override
  public boolean kill(long id, Failure failure) {
    @Nullable ManagedSession session = sessions.get(id);
    if (session == null) {
      return false;
    }
    session.kill(failure);
    return true;
  }

  @Override
  public Optional<SessionOwner> owner(long id) {
    return Optional.ofNullable(sessions.get(id)).flatMap(ManagedSession::owner);
  }

  @Override
  public CompletionStage<Void> interrupt(long id) {
    @Nullable ManagedSession session = sessions.get(id);
    return session == null ? CompletableFuture.completedStage(null) : session.interrupt();
  }

  /** All sessions, by number. */
  public List<SessionInfo> list() {
    return sessions.values().stream()
        .map(ManagedSession::info)
        .sorted(Comparator.comparingLong(SessionInfo::id))
        .toList();
  }

  /** One session. */
  public Optional<SessionInfo> find(long id) {
    return Optional.ofNullable(sessions.get(id)).map(ManagedSession::info);
  }

  /** One session in detail; empty when there is none or it ends meanwhile. */
  public CompletableFuture<Optional<SessionDetails>> details(long id) {
    @Nullable ManagedSession session = sessions.get(id);
    return session == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : session.details().thenApply(Optional::of);
  }

  /** How many there are. */
  public int count() {
    return sessions.size();
  }

  /** How many have a client. */
  public int countClients() {
    return (int) sessions.values().stream().filter(session -> !session.isInternal()).count();
  }

  /** How many have ended, by reason. */
  public Map<CloseReason, Long> closed() {
    Map<CloseReason, Long> counts = new EnumMap<>(CloseReason.class);
    closed.forEach((reason, adder) -> counts.put(reason, adder.sum()));
    return counts;
  }

  /**
   * Ends the sessions of clients: those with nothing under way at once, the others when they are
   * done or when the grace period is over. Done when all are over.
   */
  public CompletableFuture<Void> drain(Duration grace) {
    draining = true;
    // A session leaves the list before its last bytes are sent: wait for those that are on it now.
    List<ManagedSession> before = clients();
    before.forEach(ManagedSession::drain);
    CompletableFuture<Void> ended = terminated(before);
    if (!ended.isDone()) {
      // The last session ends on an event loop, where the timer's lock must not be waited for.
      ended =
          ended
              .thenApplyAsync(Function.identity())
              .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS);
    }
    return ended.thenCompose(
        finished -> {
          List<ManagedSession> late = clients();
          late.forEach(ManagedSession::endOfGrace);
          return CompletableFuture.allOf(terminated(before), terminated(late));
        });
  }

  /** Ends all sessions, also those without a client. */
  public CompletableFuture<Void> closeAll(CloseReason reason, String detail) {
    List<ManagedSession> all = List.copyOf(sessions.values());
    all.forEach(session -> session.end(reason, detail));
    return terminated(all);
  }

  private List<ManagedSession> clients() {
    return sessions.values().stream().filter(session -> !session.isInternal()).toList();
  }

  private static CompletableFuture<Void> terminated(List<ManagedSession> sessions) {
    return CompletableFuture.allOf(
        sessions.stream().map(ManagedSession::terminated).toArray(CompletableFuture[]::new));
  }
}

package io.sluice.binlog.master;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The state machine that keeps the relay connected to its master. Pure: effects go through {@link
 * Effects}.
 *
 * <pre>
 * disconnected, stopped  start                              → connecting
 * connecting             logged in                          → registering
 * registering            next question                      → registering
 * registering            dump requested                     → streaming
 * active                 failure transient, refused, storage, mismatch → backing off
 * active                 failure fatal, third equal mismatch, too many in a row → stopped
 * backing off            pause over, start                  → connecting
 * any                    stop                               → disconnected
 * </pre>
 *
 * {@link #start}, {@link #stop} and {@link #status} may be called on any thread; everything else on
 * the link's own loop. Reports of an attempt that is over are ignored, so a late one does no harm.
 */
public final class MasterLink {
  private static final Logger LOGGER = LoggerFactory.getLogger(MasterLink.class);
  private static final int MAX_EQUAL_MISMATCHES = 3;

  /** What the link causes. Called on the link's loop. */
  interface Effects {
    /** Prepares the store, dials and goes on; reports with this attempt's number. */
    void connect(int attempt);

    /** Ends the attempt; it reports nothing more that matters. */
    void disconnect(int attempt);

    /** Runs a task on the link's loop after a pause. */
    void after(Duration pause, Runnable task);
  }

  private final String name;
  private final Executor loop;
  private final Clock clock;
  private final ReconnectPolicy policy;
  private final Effects effects;
  private int attempt;
  private long pauses;
  private @Nullable LinkFailure lastMismatch;
  private int equalMismatches;
  private boolean connected;
  private volatile LinkStatus status;

  MasterLink(String name, Executor loop, Clock clock, ReconnectPolicy policy, Effects effects) {
    this.name = name;
    this.loop = loop;
    this.clock = clock;
    this.policy = policy;
    this.effects = effects;
    this.status = new LinkStatus(new MasterState.Disconnected(), null, null, 0, 0, false);
  }

  /** The latest state; never null, any thread. */
  public LinkStatus status() {
    return status;
  }

  /** Wants to be connected; at once if a pause was under way. Any thread. */
  public void start() {
    loop.execute(this::onStart);
  }

  /** Wants to be disconnected. Any thread. */
  public void stop() {
    loop.execute(this::onStop);
  }

  /** Wants to be connected. On the link's loop. */
  void onStart() {
    switch (state().kind()) {
      case DISCONNECTED, STOPPED, BACKING_OFF -> {
        if (state().kind() != MasterState.Kind.BACKING_OFF) {
          status = status.forgotten();
          connected = false;
        }
        policy.reset();
        lastMismatch = null;
        equalMismatches = 0;
        connect();
      }
      case CONNECTING, REGISTERING, STREAMING -> {}
    }
  }

  /** Forgets the last failure, unless there is something to come of it. On the link's loop. */
  void onForget() {
    switch (state().kind()) {
      case STOPPED -> {
        status = status.forgotten();
        become(new MasterState.Disconnected());
      }
      case DISCONNECTED -> status = status.forgotten();
      case CONNECTING, REGISTERING, STREAMING, BACKING_OFF -> {}
    }
  }

  /** Wants to be disconnected. On the link's loop. */
  void onStop() {
    if (state().kind() == MasterState.Kind.DISCONNECTED) {
      return;
    }
    int active = attempt;
    attempt++;
    pauses++;
    switch (state().kind()) {
      case CONNECTING, REGISTERING, STREAMING -> effects.disconnect(active);
      case DISCONNECTED, STOPPED, BACKING_OFF -> {}
    }
    become(new MasterState.Disconnected());
    LOGGER.atInfo().addKeyValue("service", name).log("link to the master stopped");
  }

  private void connect() {
    attempt++;
    pauses++;
    become(new MasterState.Connecting(attempt, clock.instant()));
    effects.connect(attempt);
  }

  /** The login is done. */
  void onLoggedIn(int of) {
    if (isCurrent(of, MasterState.Kind.CONNECTING)) {
      become(new MasterState.Registering(of, DialogueStep.CLOCK, clock.instant()));
    }
  }

  /** The next question goes out. */
  void onStep(int of, DialogueStep step) {
    if (isCurrent(of, MasterState.Kind.REGISTERING)) {
      MasterState.Registering registering = (MasterState.Registering) state();
      become(new MasterState.Registering(of, step, registering.since()));
    }
  }

  /** The dump was requested. */
  void onStreaming(int of) {
    if (isCurrent(of, MasterState.Kind.REGISTERING)) {
      become(new MasterState.Streaming(of, clock.instant()));
      status = status.connectedOnceMore();
      policy.connected();
      connected = true;
      LOGGER.atInfo().addKeyValue("service", name).log("streaming from the master");
    }
  }

  /** Whether there was a dump since the last start. On the link's loop. */
  boolean hasConnected() {
    return connected;
  }

  /** A transaction of the master was stored, or the master said that there is none: all is well. */
  void onProgress() {
    if (state().kind() == MasterState.Kind.STREAMING) {
      policy.reset();
      lastMismatch = null;
      equalMismatches = 0;
    }
  }

  /** The attempt failed, in whatever phase. */
  void onFailed(int of, LinkFailure failure) {
    if (of != attempt) {
      return;
    }
    switch (state().kind()) {
      case CONNECTING, REGISTERING, STREAMING -> fail(of, failure);
      case DISCONNECTED, STOPPED, BACKING_OFF -> {}
    }
  }

  private void fail(int of, LinkFailure failure) {
    effects.disconnect(of);
    LinkFailure verdict = exhaust(judge(failure));
    status = status.failed(verdict, clock.instant());
    if (verdict.kind() == LinkFailure.Kind.FATAL) {
      pauses++;
      become(new MasterState.Stopped(verdict));
      LOGGER
          .atError()
          .addKeyValue("service", name)
          .addKeyValue("code", verdict.code())
          .addKeyValue("error", verdict.message())
          .log("link to the master stopped: trying again cannot help");
      return;
    }
    Duration pause = policy.pause(failure);
    Instant until = clock.instant().plus(pause);
    become(new MasterState.BackingOff(failure, pause, until));
    LOGGER
        .atLevel(failure.kind() == LinkFailure.Kind.STORAGE ? Level.DEBUG : Level.WARN)
        .addKeyValue("service", name)
        .addKeyValue("code", failure.code())
        .addKeyValue("error", failure.message())
        .addKeyValue("pause", pause)
        .log("link to the master failed");
    long expected = ++pauses;
    effects.after(
        pause,
        () -> {
          if (pauses == expected && state().kind() == MasterState.Kind.BACKING_OFF) {
            connect();
          }
        });
  }

  private LinkFailure exhaust(LinkFailure failure) {
    return failure.kind() != LinkFailure.Kind.STORAGE && policy.isExhausted()
        ? new LinkFailure(LinkFailure.Kind.FATAL, failure.code(), failure.message())
        : failure;
  }

  private LinkFailure judge(LinkFailure failure) {
    if (failure.kind() != LinkFailure.Kind.MISMATCH) {
      return failure;
    }
    equalMismatches = failure.equals(lastMismatch) ? equalMismatches + 1 : 1;
    lastMismatch = failure;
    if (equalMismatches < MAX_EQUAL_MISMATCHES) {
      return failure;
    }
    return new LinkFailure(
        LinkFailure.Kind.FATAL,
        failure.code(),
        failure.message() + " (the same " + MAX_EQUAL_MISMATCHES + " times)");
  }

  private boolean isCurrent(int of, MasterState.Kind expected) {
    return of == attempt && state().kind() == expected;
  }

  private MasterState state() {
    return status.state();
  }

  private void become(MasterState next) {
    status = status.in(next);
  }
}

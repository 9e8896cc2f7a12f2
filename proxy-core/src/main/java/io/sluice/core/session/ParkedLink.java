package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Reply;
import io.sluice.core.net.ClientAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection in the pool: what its session left on the server is undone first, then it is idle.
 * Whatever happens to it here ends it; nobody else hears of it. Confined to the event loop.
 *
 * <pre>
 *   RESETTING ──ready──▶ IDLE ──take──▶ GONE
 *        └──failure, time──┴──────────▶ GONE (closed)
 * </pre>
 */
final class ParkedLink implements ServerLink.User, CallGuard.Owner {

  private static final Logger LOGGER = LoggerFactory.getLogger(ParkedLink.class);

  private enum State {
    RESETTING,
    IDLE,
    GONE
  }

  private final LoopPool pool;
  private final ServerLink link;
  private final Identity identity;
  private final CallGuard guard = new CallGuard(this);
  private State state = State.RESETTING;
  private Duration idleTime = Duration.ZERO;
  private @Nullable Future<?> timer;

  /** Takes the link from whom it belongs to. */
  ParkedLink(LoopPool pool, ServerLink link) {
    this.pool = pool;
    this.link = link;
    this.identity = link.identity();
    link.handTo(this);
  }

  /** Begins to undo what the session left. */
  void reset(Duration limit, Duration idle) {
    idleTime = idle;
    timer = pool.after(limit, () -> end("not reset within " + limit.toMillis() + " ms"));
    link.setReading();
    link.reset();
  }

  ServerLink link() {
    return link;
  }

  boolean isIdle() {
    return state == State.IDLE;
  }

  /** Whether a session with this key may have it. */
  boolean suits(Object key) {
    return state == State.IDLE && link.isActive() && key.equals(link.key());
  }

  /** Gives it away. */
  ServerLink take() {
    state = State.GONE;
    stopTimer();
    return link;
  }

  /** Says good-bye to the server. */
  void close() {
    if (state != State.GONE) {
      state = State.GONE;
      stopTimer();
      link.close(pool.linger());
      pool.dropped(this);
    }
  }

  private void end(String why) {
    if (state != State.GONE) {
      LOGGER
          .atDebug()
          .addKeyValue("server", pool.server())
          .addKeyValue("state", state)
          .addKeyValue("detail", why)
          .log("pooled connection ended");
      close();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public CallGuard guard() {
    return guard;
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public @Nullable ClientAddress clientAddress() {
    return null;
  }

  @Override
  public boolean onConnected() {
    return false;
  }

  @Override
  public void onStarted(Channel channel) {}

  @Override
  public void onReady() {
    if (state == State.RESETTING) {
      state = State.IDLE;
      pool.kept();
      stopTimer();
      timer = pool.after(idleTime, () -> end("idle for " + idleTime.toMillis() + " ms"));
    }
  }

  @Override
  public void onReply(ByteBuf chunk, Reply reply) {
    chunk.release();
    end("an answer that nobody asked for");
  }

  @Override
  public boolean isTaken() {
    return true;
  }

  @Override
  public void onAlive() {}

  @Override
  public void onFailed(Failure failure) {
    end(failure.message());
  }

  @Override
  public void onWritabilityChanged() {}

  @Override
  public void onDefect(RuntimeException thrown) {
    onDefect((Throwable) thrown);
  }

  @Override
  public void onDefect(Throwable thrown) {
    LOGGER
        .atError()
        .setCause(thrown)
        .addKeyValue("server", pool.server())
        .log("defect in a module ends a pooled connection");
    end(String.valueOf(thrown));
  }

  @Override
  public void onOutermostReturn() {}
}

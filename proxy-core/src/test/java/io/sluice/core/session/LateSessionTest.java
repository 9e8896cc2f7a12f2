package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.session.CloseReason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client whose connection was accepted just before the process began to stop. */
class LateSessionTest implements ClientProtocol {

  @Override
  public ClientConnection newConnection(ClientContext context) {
    throw new AssertionError("a session that is over got a connection");
  }

  @Override
  public void close() {}

  @Test
  void shouldCloseTheChannelWithoutAWord() {
    SessionRegistry registry = new SessionRegistry();
    assertThat(registry.drain(Duration.ZERO)).isCompleted();
    SessionEnvironment environment =
        new SessionEnvironment(
            registry,
            null,
            Clock.systemUTC(),
            SessionLimits.withLoginTimeout(Duration.ofSeconds(1)));
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    SessionCounters counters = new SessionCounters();
    ClientSession session =
        new ClientSession(
            environment, new SessionHost("app", this, null, List.of(), counters), channel);
    channel.pipeline().addLast(session.handler());
    try {
      channel.register();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(registry.count()).isZero();
    assertThat(counters.open()).isZero();
    assertThat(registry.closed())
        .containsEntry(CloseReason.SHUTDOWN, 1L)
        .containsEntry(CloseReason.INTERNAL_ERROR, 0L);
    assertThat(session.control().terminated()).isCompleted();
    channel.finishAndReleaseAll();
  }

  @Test
  void shouldTakeOffWhatDecodersWrapAround() {
    IOException cause = new IOException("bad TLS");
    assertThat(ExceptionEnd.unwrap(new DecoderException(cause))).isSameAs(cause);
    assertThat(ExceptionEnd.unwrap(cause)).isSameAs(cause);
  }
}

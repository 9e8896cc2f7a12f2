package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A session whose event loop has stopped, as at the end of the process. */
class SessionControlTest {

  @Test
  void shouldFailInsteadOfThrowingWhenTheLoopHasStopped() throws Exception {
    EventLoop loop = new DefaultEventLoop();
    LocalChannel channel = new LocalChannel();
    loop.register(channel).sync();
    SessionControl control =
        new SessionControl(
            new SessionLedger(1, "app", "", Clock.systemUTC()),
            new SessionMachine(closed -> {}),
            channel,
            null,
            null,
            List.of(),
            () -> "");
    assertThat(control.interrupt().get(60, TimeUnit.SECONDS)).isNull();

    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

    assertThat(control.interrupt()).isCompletedExceptionally();
    assertThat(control.details()).isCompletedExceptionally();
  }
}

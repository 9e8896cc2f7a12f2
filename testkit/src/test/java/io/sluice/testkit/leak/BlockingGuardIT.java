package io.sluice.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BlockingGuardIT {
  @Test
  void shouldSeeOnlyBlockingCallsOnEventLoops() throws Exception {
    BlockingGuard.install();
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Thread.sleep(1);
      LoggerFactory.getLogger(BlockingGuardIT.class).atInfo().log("not on a loop");
      group
          .submit(
              () ->
                  LoggerFactory.getLogger(BlockingGuardIT.class)
                      .atInfo()
                      .addKeyValue("k", 1)
                      .log("logging is allowed"))
          .get(60, TimeUnit.SECONDS);
      assertThat(BlockingGuard.drain()).isEmpty();

      Callable<Void> sleep =
          () -> {
            Thread.sleep(1);
            return null;
          };
      group.submit(sleep).get(60, TimeUnit.SECONDS);
      assertThat(BlockingGuard.drain())
          .singleElement()
          .asString()
          .contains("sleep")
          .contains("BlockingGuardIT");
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(60, TimeUnit.SECONDS);
    }
  }
}

package io.sluice.core.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/**
 * Event loops that close all their channels when they stop. Those of Netty 4.2 look whether they
 * have to before they run their tasks and end behind them: when the stop begins in between, sockets
 * stay open and what waits in them to be written is never released.
 */
final class ClosingLoopGroup extends MultiThreadIoEventLoopGroup {

  ClosingLoopGroup(int threads, String name, IoHandlerFactory handlers) {
    super(threads, new DefaultThreadFactory(name, true), handlers);
  }

  @Override
  protected IoEventLoop newChild(
      Executor executor, IoHandlerFactory handlers, Object... arguments) {
    return new ClosingLoop(this, executor, handlers);
  }

  private static final class ClosingLoop extends SingleThreadIoEventLoop {
    ClosingLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
      super(group, executor, handlers);
    }

    @Override
    protected void run() {
      super.run();
      if (isShuttingDown()) {
        ioHandler().prepareToDestroy();
      }
    }
  }
}

package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.request.ClientState;
import io.sluice.testkit.await.Await;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A client session whose wire is a byte array. The loop is real; everything else is looked at from
 * outside.
 */
final class FakeSession implements SessionContext, AutoCloseable {
  private final EventLoop loop = new DefaultEventLoop();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final Capabilities capabilities;
  private final Set<Privilege> privileges;
  volatile CloseReason closed;
  volatile Failure failure;
  volatile boolean writable = true;
  volatile boolean complete;
  volatile boolean broken;

  FakeSession(Capabilities capabilities, Set<Privilege> privileges) {
    this.capabilities = capabilities;
    this.privileges = privileges;
  }

  /**
   * Returns when an answer is complete and the loop has done all that belongs to it: the end of a
   * dump closes the session only after its last packet.
   */
  void awaitAnswer() throws Exception {
    Await.until("the answer", Duration.ofSeconds(60), () -> complete);
    loop.submit(() -> {}).get(60, TimeUnit.SECONDS);
  }

  synchronized byte[] takeWire() {
    byte[] bytes = wire.toByteArray();
    wire.reset();
    return bytes;
  }

  synchronized byte[] wire() {
    return wire.toByteArray();
  }

  private synchronized void written(ByteBuf chunk) {
    byte[] bytes = new byte[chunk.readableBytes()];
    chunk.readBytes(bytes);
    chunk.release();
    wire.writeBytes(bytes);
  }

  @Override
  public long id() {
    return 77;
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public String service() {
    return "relay";
  }

  @Override
  public Identity identity() {
    return new Identity(
        new ProvenCredentials("repl", "'repl'@'%'", Proof.ofPassword("x"), privileges),
        "10.0.0.9",
        new ClientState(capabilities, Collation.UTF8MB4_GENERAL, null, Map.of(), "11.8.9-MariaDB"));
  }

  @Override
  public Endpoint connect(Server server) {
    throw new AssertionError("the relay opens no endpoint");
  }

  @Override
  public Upstream upstream() {
    return (chunk, reply) -> {
      if (!loop.inEventLoop()) {
        throw new AssertionError("not on the session's loop");
      }
      written(chunk);
      complete = reply.isComplete();
    };
  }

  @Override
  public boolean isClientWritable() {
    if (broken) {
      throw new IllegalStateException("a defect");
    }
    return writable;
  }

  @Override
  public void setClientReading(boolean reading) {}

  @Override
  public void close(CloseReason reason, String detail) {
    closed = reason;
  }

  @Override
  public void fail(Failure reason) {
    failure = reason;
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.server.Attributes;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Stands for the engine: notes what it is told. */
final class FakeBackendContext implements BackendContext {

  final EmbeddedChannel channel = new EmbeddedChannel();
  final List<String> told = new ArrayList<>();
  final List<Failure> failures = new ArrayList<>();
  final Server server = new FakeServer();
  private Identity identity;
  Runnable onReply = () -> {};

  FakeBackendContext(Identity identity) {
    this.identity = identity;
  }

  /** The connection comes to another session. */
  void identity(Identity next) {
    identity = next;
  }

  @Override
  public void alive() {
    told.add("alive");
  }

  @Override
  public Server server() {
    return server;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public void ready() {
    told.add("ready");
  }

  @Override
  public void reply(ByteBuf chunk, Reply reply) {
    told.add(
        reply.request().name()
            + " "
            + ByteBufUtil.hexDump(chunk)
            + (reply.isComplete() ? " ." : ""));
    chunk.release();
    onReply.run();
  }

  @Override
  public void failed(Failure failure) {
    failures.add(failure);
  }

  /** A server that nobody watches. */
  private static final class FakeServer implements Server {
    private final Attributes attributes = new Attributes();

    @Override
    public String name() {
      return "db1";
    }

    @Override
    public String host() {
      return "db1.example";
    }

    @Override
    public int port() {
      return 3306;
    }

    @Override
    public String protocol() {
      return "mysql";
    }

    @Override
    public ServerState state() {
      return ServerState.unknown(Instant.EPOCH);
    }

    @Override
    public Attributes attributes() {
      return attributes;
    }
  }
}

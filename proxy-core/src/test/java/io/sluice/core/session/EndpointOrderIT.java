package io.sluice.core.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.context.InternalClient;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.protocol.BackendConnection;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Reply;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineProtocol;
import io.sluice.core.lines.LineReply;
import io.sluice.core.lines.LineRequest;
import io.sluice.core.lines.LineServer;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.testkit.await.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What waits for a login goes before what comes while it is being sent. */
class EndpointOrderIT implements EndpointHandler {

  private final List<String> sent = new CopyOnWriteArrayList<>();

  @Test
  void shouldKeepTheOrderWhenAnAnswerInTheFlushBringsTheNextRequest() throws Exception {
    try (LineServer server = new LineServer("a");
        LineHarness proxy = new LineHarness(settings -> settings.withThreads(1), List.of(server))) {
      ConfiguredServer target =
          proxy.engine.addServer(
              "instant", "127.0.0.1", server.port(), new Instant(), LineHarness.NONE);
      proxy
          .engine
          .eventLoops()
          .next()
          .submit(
              () -> {
                InternalClient client =
                    proxy
                        .engine
                        .shared()
                        .internalClients()
                        .open("test", target, new PasswordCredentials("u", ""), null, this);
                route(client.endpoint(), "one");
                route(client.endpoint(), "two");
              })
          .get(60, TimeUnit.SECONDS);

      Await.until("all were sent", () -> sent.size() == 3);
      assertThat(sent).containsExactly("one", "two", "after one");
    }
  }

  private static void route(Endpoint endpoint, String text) {
    endpoint.routeQuery(
        Message.whole(new LineRequest(text), Unpooled.copiedBuffer(text + "\n", UTF_8)));
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
    chunk.release();
    if (((LineRequest) reply.request()).text().equals("one")) {
      route(from, "after one");
    }
  }

  @Override
  public void handleError(Endpoint from, Failure failure) {
    sent.add("failed " + failure.message());
  }

  /** Is ready at once and answers each request inside the call that brings it. */
  private final class Instant implements ProtocolFactory {
    @Override
    public ModuleInfo info() {
      return new LineProtocol().info();
    }

    @Override
    public SettingsSpec settings() {
      return SettingsSpec.EMPTY;
    }

    @Override
    public SettingsSpec serverSettings() {
      return SettingsSpec.EMPTY;
    }

    @Override
    public ClientProtocol createListener(ListenerContext context, Settings settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BackendProtocol createBackend(BackendProtocolContext context, Settings settings) {
      return new BackendProtocol() {
        @Override
        public BackendConnection newConnection(BackendContext backend) {
          return new Connection(backend);
        }

        @Override
        public void close() {}
      };
    }
  }

  private final class Connection implements BackendConnection {
    private final BackendContext context;

    Connection(BackendContext context) {
      this.context = context;
    }

    @Override
    public void start(ChannelPipeline pipeline) {
      context.channel().eventLoop().execute(context::ready);
    }

    @Override
    public void routeQuery(Message message) {
      sent.add(((LineRequest) message.request()).text());
      message.release();
      context.reply(Unpooled.EMPTY_BUFFER, LineReply.whole(message.request()));
    }

    @Override
    public void close() {
      context.channel().close();
    }
  }
}

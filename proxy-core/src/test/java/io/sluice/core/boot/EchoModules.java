package io.sluice.core.boot;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.protocol.BackendProtocol;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.protocol.ClientConnection;
import io.sluice.api.protocol.ClientContext;
import io.sluice.api.protocol.ClientProtocol;
import io.sluice.api.protocol.ListenerContext;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import io.sluice.api.router.RouterFactory;
import io.sluice.api.router.RouterSession;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.core.plugin.FakeModules;
import io.sluice.core.plugin.ModuleRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A whole set of modules that works without any server: each line comes back, but "hold". */
public final class EchoModules {

  static final Setting<Integer> LIMIT =
      Setting.of("limit", SettingTypes.integer(1, 100), 10, "Never 13.");

  /** What was closed, in order; tests that look at it clear it first. */
  static final ConcurrentLinkedQueue<String> CLOSED = new ConcurrentLinkedQueue<>();

  private EchoModules() {}

  public static ModuleRegistry registry() {
    return ModuleRegistry.of(new EchoProtocol(), new EchoRouter(), new UpMonitor());
  }

  private static final class EchoProtocol implements ProtocolFactory {
    @Override
    public ModuleInfo info() {
      return FakeModules.info("lines", ModuleKind.PROTOCOL);
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
      return new ClientProtocol() {
        @Override
        public ClientConnection newConnection(ClientContext client) {
          return new EchoConnection(client);
        }

        @Override
        public Map<String, Object> diagnostics() {
          return Map.of("accounts", 3);
        }

        @Override
        public void close() {
          CLOSED.add("listener " + context.name());
        }
      };
    }

    @Override
    public BackendProtocol createBackend(BackendProtocolContext context, Settings settings) {
      return new BackendProtocol() {
        @Override
        public io.sluice.api.protocol.BackendConnection newConnection(
            io.sluice.api.protocol.BackendContext backend) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
          CLOSED.add("server " + context.server().name());
        }
      };
    }
  }

  private static final class EchoConnection implements ClientConnection {
    private final ClientContext client;

    EchoConnection(ClientContext client) {
      this.client = client;
    }

    @Override
    public void start(ChannelPipeline pipeline) {
      pipeline.addLast(new LineBasedFrameDecoder(1024));
      pipeline.addLast(
          new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
              client.routeQuery(Message.whole(new Line(), line.retain()));
            }
          });
      client.authenticated(
          new Identity(new PasswordCredentials("tester", "pw"), client.clientHost(), null));
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply) {
      client.channel().writeAndFlush(chunk);
    }

    @Override
    public void close(CloseReason reason, @Nullable Failure failure) {
      String text = failure == null ? reason.label() : failure.message();
      client
          .channel()
          .writeAndFlush(Unpooled.copiedBuffer("end: " + text + "\n", StandardCharsets.UTF_8))
          .addListener(written -> client.channel().close());
    }

    @Override
    public String state() {
      return "command";
    }
  }

  private record Line() implements Request {
    @Override
    public String name() {
      return "line";
    }

    @Override
    public boolean expectsReply() {
      return true;
    }
  }

  private record LineReply(Request request, long bytes) implements Reply {
    @Override
    public boolean isComplete() {
      return true;
    }

    @Override
    public @Nullable ReplyError error() {
      return null;
    }

    @Override
    public long rows() {
      return 0;
    }
  }

  private static final class EchoRouter implements RouterFactory {
    @Override
    public ModuleInfo info() {
      return FakeModules.info("echo", ModuleKind.ROUTER);
    }

    @Override
    public SettingsSpec settings() {
      return SettingsSpec.of(LIMIT);
    }

    @Override
    public Router createInstance(RouterContext context, Settings settings) {
      if (settings.get(LIMIT) == 13) {
        throw new InvalidConfigException("limit", "13 (expected: luck)");
      }
      return new Router() {
        @Override
        public RouterSession newSession(SessionContext session) {
          return new EchoSession(session);
        }

        @Override
        public Map<String, Object> diagnostics() {
          return Map.of("rows", List.of(Map.of("id", 1), Map.of("id", 2)));
        }

        @Override
        public List<ModuleCommand> commands() {
          return List.of(
              new ModuleCommand(
                  "greet",
                  "Greets.",
                  List.of("name", "[mood]"),
                  args ->
                      Map.of("hello", args.get("name"), "mood", args.getOrDefault("mood", "good"))),
              new ModuleCommand(
                  "refuse",
                  "Never works.",
                  List.of(),
                  args -> {
                    throw new CommandException("not today");
                  }));
        }

        @Override
        public void close() {
          CLOSED.add("router " + context.name());
        }
      };
    }
  }

  private static final class EchoSession implements RouterSession {
    private final SessionContext session;

    EchoSession(SessionContext session) {
      this.session = session;
    }

    @Override
    public void routeQuery(Message message) {
      String line = message.content().toString(StandardCharsets.UTF_8);
      message.release();
      if (!line.equals("hold")) {
        ByteBuf answer = Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8);
        session
            .upstream()
            .clientReply(answer, new LineReply(message.request(), answer.readableBytes()));
      }
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      chunk.release();
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      session.fail(failure);
    }

    @Override
    public Map<String, Object> diagnostics() {
      return Map.of("mood", "calm");
    }

    @Override
    public void close() {
      CLOSED.add("session");
    }
  }

  private static final class UpMonitor implements MonitorFactory {
    @Override
    public ModuleInfo info() {
      return FakeModules.info("up", ModuleKind.MONITOR);
    }

    @Override
    public SettingsSpec settings() {
      return SettingsSpec.EMPTY;
    }

    @Override
    public Monitor createInstance(MonitorContext context, Settings settings) {
      return new Monitor() {
        @Override
        public void start() {
          for (Server server : context.servers()) {
            context.publish(
                server,
                new ServerState(
                    ServerStatus.UP,
                    Set.of(ServerRole.WRITER),
                    List.of("Main", "Running"),
                    Duration.ofMillis(1500),
                    "",
                    context.clock().instant(),
                    Map.of("version", "1.0")));
          }
        }

        @Override
        public void close() {
          CLOSED.add("monitor " + context.name());
        }
      };
    }
  }
}

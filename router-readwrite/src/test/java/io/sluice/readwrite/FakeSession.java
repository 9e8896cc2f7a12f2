package io.sluice.readwrite;

import com.typesafe.config.ConfigFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.api.context.ServiceView;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementClassifier;
import io.sluice.mysql.wire.Packets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client and the engine around a router session. */
final class FakeSession implements SessionContext {

  /** What the client got, one entry for each chunk. */
  final List<String> answers = new ArrayList<>();

  /** The last chunk as bytes. */
  byte[] lastAnswer = {};

  final ReadWriteRouter router;
  final ReadWriteSession session;

  private final Map<String, FakeEndpoint> endpoints = new LinkedHashMap<>();
  private final List<Message> sent = new ArrayList<>();
  private final ClientState agreed;
  @Nullable Failure failure;
  @Nullable CloseReason closed;

  FakeSession(String options, Server... servers) {
    this(ClientState.INTERNAL, options, servers);
  }

  FakeSession(ClientState agreed, String options, Server... servers) {
    this.agreed = agreed;
    router = new ReadWriteRouter(new View(List.of(servers)), settings(options));
    session = new ReadWriteSession(router, this);
  }

  /** Settings as a configuration gives them. */
  static ReadWriteSettings settings(String options) {
    Problems problems = new Problems();
    Settings settings =
        ReadWriteSettings.SPEC.parse(ConfigFactory.parseString(options).root(), "", problems);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems.all());
    }
    return ReadWriteSettings.from(settings);
  }

  private record View(List<? extends Server> all) implements ServiceView {
    @Override
    public String name() {
      return "app";
    }

    @Override
    public String router() {
      return "readwrite";
    }

    @Override
    public List<Server> servers() {
      return List.copyOf(all);
    }

    @Override
    public boolean isMonitored() {
      return true;
    }

    @Override
    public Optional<Credentials> credentials() {
      return Optional.empty();
    }
  }

  /** The endpoint that was opened last for a server. */
  FakeEndpoint at(String server) {
    FakeEndpoint endpoint = endpoints.get(server);
    if (endpoint == null) {
      throw new AssertionError(server + ": not opened, only " + endpoints.keySet());
    }
    return endpoint;
  }

  boolean isOpened(String server) {
    return endpoints.containsKey(server);
  }

  /** The client sends a statement. */
  void query(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    Statement statement = StatementClassifier.classify(sql);
    send(new MySqlRequest(Command.QUERY.code(), statement, -1), Unpooled.copiedBuffer(text));
  }

  void prepare(String sql) {
    Statement statement = StatementClassifier.classify(sql);
    send(
        new MySqlRequest(Command.STMT_PREPARE.code(), statement, -1),
        Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8));
  }

  /** A request about a prepared statement: its number, then what follows. */
  void statement(Command command, long id, int... rest) {
    ByteBuf payload = Unpooled.buffer().writeIntLE((int) id);
    for (int b : rest) {
      payload.writeByte(b);
    }
    send(new MySqlRequest(command.code(), null, id), payload);
  }

  void command(Command command) {
    send(MySqlRequest.of(command), Unpooled.buffer());
  }

  void initDb(String database) {
    send(MySqlRequest.of(Command.INIT_DB), Unpooled.copiedBuffer(database, StandardCharsets.UTF_8));
  }

  private void send(MySqlRequest request, ByteBuf rest) {
    Message message = Message.whole(request, framed(request, rest));
    sent.add(message);
    session.routeQuery(message);
  }

  /** The first chunk of a statement that is too large to be looked at. */
  MySqlRequest begin(String sql) {
    MySqlRequest request = new MySqlRequest(Command.QUERY.code(), null, -1);
    ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
    session.routeQuery(new Message(request, framed(request, text), true, false));
    return request;
  }

  /** A further chunk. */
  void more(MySqlRequest request, String text, boolean last) {
    session.routeQuery(
        new Message(request, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), false, last));
  }

  private static ByteBuf framed(MySqlRequest request, ByteBuf rest) {
    return Packets.frame(
        Unpooled.EMPTY_BUFFER.alloc(),
        0,
        out -> {
          out.writeByte(request.code());
          out.writeBytes(rest);
        });
  }

  /** Ends the session and checks that nothing leaks. */
  void close() {
    session.close();
    for (Message message : sent) {
      if (message.content().refCnt() != 0) {
        throw new AssertionError("a request was not released: " + message.request());
      }
    }
  }

  @Override
  public long id() {
    return 1;
  }

  @Override
  public EventLoop eventLoop() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String service() {
    return "app";
  }

  @Override
  public Identity identity() {
    return new Identity(new PasswordCredentials("u", "p"), "client", agreed);
  }

  @Override
  public Endpoint connect(Server server) {
    FakeEndpoint endpoint = new FakeEndpoint(server, session, 100 * (endpoints.size() + 1));
    endpoints.put(server.name(), endpoint);
    return endpoint;
  }

  @Override
  public Upstream upstream() {
    return (chunk, reply) -> {
      lastAnswer = new byte[chunk.readableBytes()];
      chunk.getBytes(chunk.readerIndex(), lastAnswer);
      answers.add(
          reply.error() == null || chunk.toString(StandardCharsets.UTF_8).startsWith("error from")
              ? chunk.toString(StandardCharsets.UTF_8)
              : "ERR " + reply.error().code());
      chunk.release();
    };
  }

  /** The chunks since the last call. */
  List<String> takeAnswers() {
    List<String> taken = List.copyOf(answers);
    answers.clear();
    return taken;
  }

  @Override
  public boolean isClientWritable() {
    return true;
  }

  @Override
  public void setClientReading(boolean reading) {}

  @Override
  public void close(CloseReason reason, String detail) {
    closed = reason;
  }

  @Override
  public void fail(Failure why) {
    failure = why;
  }
}

package io.sluice.mysql.client;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.config.Settings;
import io.sluice.api.server.Server;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.mysql.MySqlProtocolFactory;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.result.ResultSet;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An engine with one server, and clients on it that wait for their answers. */
final class ClientUnderTest implements AutoCloseable {

  /** What a whole answer told. */
  record Told(
      ByteBuf bytes,
      long rows,
      ReplyError error,
      int status,
      long statementId,
      boolean resultSet,
      long affectedRows) {}

  /** A client that waits. */
  static final class Waiting implements QueryClient.Listener {
    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<Failure> failure = new CompletableFuture<>();
    QueryClient client;

    @Override
    public void onReady(QueryClient opened) {
      ready.complete(null);
    }

    @Override
    public void onFailure(QueryClient opened, Failure failed) {
      failure.complete(failed);
    }

    /** Sends a statement; an error of the server fails the future. */
    CompletableFuture<ResultSet> query(String sql) {
      CompletableFuture<ResultSet> answer = new CompletableFuture<>();
      client.query(
          sql,
          128 << 20,
          new QueryClient.Answer() {
            @Override
            public void onResult(ResultSet result) {
              answer.complete(result);
            }

            @Override
            public void onError(ReplyError error) {
              answer.completeExceptionally(new IllegalStateException(error.toString()));
            }
          });
      return answer;
    }

    /** Sends anything and gathers the bytes of the answer. */
    CompletableFuture<Told> send(Message message) {
      return send(message, reply -> {});
    }

    CompletableFuture<Told> send(Message message, java.util.function.Consumer<MySqlReply> onChunk) {
      CompletableFuture<Told> answer = new CompletableFuture<>();
      ByteBuf all = Unpooled.buffer();
      client.send(
          message,
          (chunk, reply) -> {
            all.writeBytes(chunk);
            chunk.release();
            onChunk.accept(reply);
            if (reply.isComplete()) {
              answer.complete(
                  new Told(
                      all,
                      reply.rows(),
                      reply.error(),
                      reply.serverStatus(),
                      reply.statementId(),
                      reply.isResultSet(),
                      reply.affectedRows()));
            }
          });
      return answer;
    }
  }

  private final Engine engine;
  private final Server server;

  ClientUnderTest(Path directory, String host, int port, TlsMode tls) {
    this(
        directory,
        host,
        port,
        Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, tls));
  }

  ClientUnderTest(Path directory, String host, int port, Settings settings) {
    MySqlProtocolFactory protocol = new MySqlProtocolFactory();
    engine =
        new Engine(
            EngineSettings.defaults(directory).withThreads(2),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    server = engine.addServer("db1", host, port, protocol, settings);
  }

  Server server() {
    return server;
  }

  Waiting open(String user, String password, ClientState state) {
    Waiting waiting = new Waiting();
    waiting.client =
        QueryClient.open(
            engine.shared().internalClients(),
            "test",
            server,
            new PasswordCredentials(user, password),
            state,
            waiting);
    return waiting;
  }

  static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within 60 s", e);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}

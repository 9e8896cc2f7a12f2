package io.sluice.mysql.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.api.context.InternalClient;
import io.sluice.api.context.InternalClients;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class QueryClientTest {

  private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  /** An engine that does nothing by itself; everything runs on the calling thread. */
  private static final class FakeClients implements InternalClients, InternalClient, Endpoint {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final List<Message> sent = new ArrayList<>();
    EndpointHandler handler;
    Object state;
    boolean closed;
    boolean reading = true;

    @Override
    public InternalClient open(
        String purpose,
        Server server,
        Credentials credentials,
        @Nullable Object clientState,
        EndpointHandler told) {
      handler = told;
      state = clientState;
      return this;
    }

    @Override
    public long id() {
      return 1;
    }

    @Override
    public EventLoop eventLoop() {
      return channel.eventLoop();
    }

    @Override
    public Endpoint endpoint() {
      return this;
    }

    @Override
    public Server server() {
      return Mockito.mock(Server.class);
    }

    @Override
    public void routeQuery(Message message) {
      sent.add(message);
      message.release();
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public boolean isReady() {
      return !closed;
    }

    @Override
    public int pending() {
      return sent.size();
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void setReading(boolean wanted) {
      reading = wanted;
    }

    @Override
    public void close() {
      closed = true;
    }

    void answer(int request, ByteBuf bytes) {
      handler.clientReply(bytes, MySqlReply.complete(sent.get(request).request()), this);
    }
  }

  private final FakeClients clients = new FakeClients();
  private final List<String> told = new ArrayList<>();
  private final QueryClient client =
      QueryClient.open(
          clients,
          "test",
          clients.server(),
          new PasswordCredentials("u", "p"),
          new QueryClient.Listener() {
            @Override
            public void onReady(QueryClient ready) {
              told.add("ready");
            }

            @Override
            public void onFailure(QueryClient failed, Failure failure) {
              told.add("failure " + failure.reason());
            }
          });

  private QueryClient.Answer note(String name) {
    return new QueryClient.Answer() {
      @Override
      public void onResult(ResultSet result) {
        told.add(name + " " + (result.isEmpty() ? "ok" : result.value(0, 0)));
      }

      @Override
      public void onError(ReplyError error) {
        told.add(name + " error " + error.code());
      }
    };
  }

  private static ByteBuf ok() {
    return ResultSetWriter.ok(ALLOCATOR, 1, Capabilities.INTERNAL, OkPacket.PLAIN);
  }

  @Test
  void shouldGiveAnswersInOrder() {
    client.query("a", note("a"));
    client.query("b", note("b"));
    client.query("c", note("c"));
    clients.handler.endpointReady(clients);

    clients.answer(
        0,
        new ResultSetWriter(ALLOCATOR, 1, Capabilities.INTERNAL)
            .columns(ColumnDefinition.string("x"))
            .row("value")
            .finish(2));
    clients.answer(
        1,
        ResultSetWriter.error(
            ALLOCATOR, 1, Capabilities.INTERNAL, ErrorCode.PARSE_ERROR.error("no")));
    clients.answer(2, ok());

    assertThat(told).containsExactly("ready", "a value", "b error 1064", "c ok");
    assertThat(clients.state).isEqualTo(ClientState.INTERNAL);
  }

  @Test
  void shouldSendFromWithinAnAnswer() {
    client.query(
        "a",
        new QueryClient.Answer() {
          @Override
          public void onResult(ResultSet result) {
            client.query("b", note("b"));
          }

          @Override
          public void onError(ReplyError error) {}
        });

    clients.answer(0, ok());
    clients.answer(1, ok());

    assertThat(told).containsExactly("b ok");
  }

  @Test
  void shouldNotWaitForAnswersThatDoNotCome() {
    client.send(
        MySqlRequest.command(Command.STMT_CLOSE, Unpooled.buffer().writeIntLE(1)),
        (chunk, reply) -> told.add("never"));
    client.query("a", note("a"));

    clients.answer(1, ok());

    assertThat(told).containsExactly("a ok");
  }

  @Test
  void shouldHandOutChunksAsTheyCome() {
    client.send(
        MySqlRequest.command(Command.BINLOG_DUMP, Unpooled.EMPTY_BUFFER),
        (chunk, reply) -> {
          told.add("chunk " + chunk.readableBytes());
          chunk.release();
        });
    MySqlReply endless = new MySqlReply(clients.sent.get(0).request());

    clients.handler.clientReply(Unpooled.buffer().writeZero(3), endless, clients);
    clients.handler.clientReply(Unpooled.buffer().writeZero(4), endless, clients);
    client.sendMore(Unpooled.buffer().writeZero(5));
    client.setReading(false);

    assertThat(told).containsExactly("chunk 3", "chunk 4");
    assertThat(clients.sent).hasSize(2);
    assertThat(clients.sent.get(1).isFirst()).isFalse();
    assertThat(clients.sent.get(1).request()).isSameAs(clients.sent.get(0).request());
    assertThat(clients.reading).isFalse();
  }

  @Test
  void shouldFailOnceAndForgetWhatWaits() {
    client.query("a", note("a"));

    clients.handler.handleError(clients, Failure.passing(CloseReason.SERVER_LOST, "gone", null));
    client.query("late", note("late"));
    ByteBuf late = ok();
    clients.handler.clientReply(late, MySqlReply.complete(clients.sent.get(0).request()), clients);

    assertThat(told).containsExactly("failure SERVER_LOST");
    assertThat(client.isOpen()).isFalse();
    assertThat(clients.closed).isTrue();
    assertThat(clients.sent).hasSize(1);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void shouldFailWhenAnAnswerCannotBeRead() {
    client.query("a", note("a"));

    clients.answer(0, Unpooled.buffer().writeMediumLE(0).writeByte(1));

    assertThat(told).containsExactly("failure PROTOCOL_VIOLATION");
  }

  @Test
  void shouldFailWhenAnAnswerIsTooLong() {
    client.query("a", 10, note("a"));

    clients.answer(0, ok());

    assertThat(told).containsExactly("failure PROTOCOL_VIOLATION");
  }

  @Test
  void shouldTellNothingAfterClose() {
    client.query("a", note("a"));

    client.close();
    client.close();
    clients.answer(0, ok());
    clients.handler.handleError(clients, Failure.passing(CloseReason.SERVER_LOST, "gone", null));

    assertThat(told).isEmpty();
    assertThat(clients.closed).isTrue();
  }
}

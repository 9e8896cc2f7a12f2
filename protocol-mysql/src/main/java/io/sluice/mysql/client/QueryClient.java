package io.sluice.mysql.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sluice.api.context.InternalClient;
import io.sluice.api.context.InternalClients;
import io.sluice.api.server.Server;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.mysql.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous SQL client over a session without a socket.
 *
 * <ol>
 *   <li>Its methods may be called on any thread and take effect on its event loop in the order of
 *       the calls; all callbacks come there.
 *   <li>Requests may be made at once after opening; they wait for the login. Answers come in the
 *       order of the requests.
 *   <li>After {@link Listener#onFailure} or {@link #close} there are no more callbacks: requests
 *       without an answer are lost, those made later are dropped.
 * </ol>
 */
public final class QueryClient {

  /** Who is told how the connection fares. */
  public interface Listener {

    /** The login is done. */
    default void onReady(QueryClient client) {}

    /** The connection could not be made or broke; the client is closed. */
    void onFailure(QueryClient client, Failure failure);
  }

  /** Who gets the answer to a statement. */
  public interface Answer {

    /** It worked. */
    void onResult(ResultSet result);

    /** The server answered with an error; the connection goes on. */
    void onError(ReplyError error);
  }

  /** Who gets the bytes of an answer as they come. */
  @FunctionalInterface
  public interface ChunkListener {

    /**
     * A chunk came.
     *
     * @param chunk bytes with packet headers; ownership goes with the call
     * @param reply what is known of the answer; look at it during the call only
     */
    void onChunk(ByteBuf chunk, MySqlReply reply);
  }

  private final Listener listener;
  private final ClientState state;
  private final Deque<ChunkListener> waiting = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Held while the client is being opened: a callback may come before the opener has it in hand.
   */
  private final Object opening = new Object();

  private @Nullable InternalClient client;
  private @Nullable Request lastSent;

  private QueryClient(ClientState state, Listener listener) {
    this.state = state;
    this.listener = listener;
  }

  /** Opens a client with {@link ClientState#INTERNAL}. */
  public static QueryClient open(
      InternalClients clients,
      String purpose,
      Server server,
      Credentials credentials,
      Listener listener) {
    return open(clients, purpose, server, credentials, ClientState.INTERNAL, listener);
  }

  /**
   * Opens a client.
   *
   * @param clients what opens it
   * @param purpose shown to administrators
   * @param server where to
   * @param credentials how to log in
   * @param state what to agree with the server
   * @param listener who is told how it fares
   */
  public static QueryClient open(
      InternalClients clients,
      String purpose,
      Server server,
      Credentials credentials,
      ClientState state,
      Listener listener) {
    QueryClient opened = new QueryClient(state, listener);
    synchronized (opened.opening) {
      opened.client = clients.open(purpose, server, credentials, state, opened.new Handler());
    }
    return opened;
  }

  /** Where all callbacks come. */
  public EventLoop eventLoop() {
    return opened().eventLoop();
  }

  /** Whether it was neither closed nor has failed. */
  public boolean isOpen() {
    return !closed.get();
  }

  /** Sends a statement; the answer may have {@link ResultSetReader#DEFAULT_LIMIT} bytes. */
  public void query(String sql, Answer answer) {
    query(sql, ResultSetReader.DEFAULT_LIMIT, answer);
  }

  /**
   * Sends a statement.
   *
   * @param sql the statement
   * @param limit of the answer, in bytes; a larger one fails the client
   * @param answer who gets the answer
   */
  public void query(String sql, int limit, Answer answer) {
    Message message = MySqlRequest.query(sql);
    ResultSetReader reader = new ResultSetReader(state.capabilities(), limit);
    send(
        message,
        (chunk, reply) -> {
          reader.feed(chunk);
          if (reply.isComplete()) {
            ReplyError error = reader.error();
            if (error != null) {
              answer.onError(error);
            } else {
              answer.onResult(reader.result());
            }
          }
        });
  }

  /**
   * Sends any request and hands out the answer's bytes, such as the endless one to a binary log
   * dump.
   *
   * @param message the request; ownership goes with the call
   * @param chunks who gets the bytes
   */
  public void send(Message message, ChunkListener chunks) {
    onLoop(
        message::release,
        () -> {
          if (closed.get()) {
            message.release();
            return;
          }
          if (message.request().expectsReply()) {
            waiting.add(chunks);
          }
          lastSent = message.request();
          opened().endpoint().routeQuery(message);
        });
  }

  /**
   * Sends bytes that belong to the request sent last, such as an acknowledgement during a dump.
   *
   * @param framed with packet headers; ownership goes with the call
   */
  public void sendMore(ByteBuf framed) {
    onLoop(
        framed::release,
        () -> {
          Request request = lastSent;
          if (closed.get() || request == null) {
            framed.release();
            return;
          }
          opened().endpoint().routeQuery(new Message(request, framed, false, true));
        });
  }

  /** Stops or resumes reading from the server. */
  public void setReading(boolean reading) {
    onLoop(
        () -> {},
        () -> {
          if (!closed.get()) {
            opened().endpoint().setReading(reading);
          }
        });
  }

  /** Ends it; more than once is fine. */
  public void close() {
    if (closed.compareAndSet(false, true)) {
      opened().close();
    }
  }

  private void onLoop(Runnable drop, Runnable work) {
    EventLoop loop = eventLoop();
    if (loop.inEventLoop()) {
      work.run();
      return;
    }
    try {
      loop.execute(work);
    } catch (RejectedExecutionException e) {
      // The process stops: there is nobody left to call back either.
      drop.run();
    }
  }

  private InternalClient opened() {
    InternalClient ready;
    synchronized (opening) {
      ready = client;
    }
    if (ready == null) {
      throw new IllegalStateException("client: not open (expected: opened by open())");
    }
    return ready;
  }

  private void fail(Failure failure) {
    if (closed.compareAndSet(false, true)) {
      waiting.clear();
      opened().close();
      listener.onFailure(this, failure);
    }
  }

  /** What the engine calls; always on the event loop. */
  private final class Handler implements EndpointHandler {

    @Override
    public void clientReply(ByteBuf chunk, Reply reply, Endpoint from) {
      ChunkListener next = waiting.peek();
      if (closed.get() || next == null || !(reply instanceof MySqlReply mysql)) {
        chunk.release();
        return;
      }
      if (reply.isComplete()) {
        // Before the call: it may send the next request at once.
        waiting.poll();
      }
      try {
        next.onChunk(chunk, mysql);
      } catch (ProtocolException e) {
        fail(
            Failure.passing(
                CloseReason.PROTOCOL_VIOLATION,
                "the server's answer cannot be read: " + e.getMessage(),
                e));
      }
    }

    @Override
    public void handleError(Endpoint from, Failure failure) {
      fail(failure);
    }

    @Override
    public void endpointReady(Endpoint endpoint) {
      if (!closed.get()) {
        listener.onReady(QueryClient.this);
      }
    }
  }
}

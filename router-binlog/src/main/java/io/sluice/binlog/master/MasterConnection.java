package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.ComRegisterSlave;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.request.TlsFailure;
import io.sluice.mysql.result.ResultSet;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to follow the master: a dummy client without a socket of its own that logs in, goes
 * through the {@link MasterDialogue} and then feeds the {@link EventReceiver}. Watches for silence.
 * Reports to {@link Reports}; confined to the event loop of its client, except {@link #close} and
 * {@link #resumeReading}, which may be called on any thread.
 */
final class MasterConnection
    implements QueryClient.Listener,
        QueryClient.Answer,
        MasterDialogue.Wire,
        MasterDialogue.Listener,
        EventReceiver.Listener {

  /** So many heartbeat periods of silence end the connection. */
  private static final int SILENT_PERIODS = 3;

  private static final Duration SILENCE_WITHOUT_HEARTBEAT = Duration.ofSeconds(60);

  /** What an attempt reports, on its own loop. */
  interface Reports {
    void onLoggedIn();

    void onStep(DialogueStep step);

    void onVariables(Map<String, String> variables, Map<String, VariableTraits> traits);

    /** The store prepares for the history of another master. */
    void onEpoch();

    void onStreaming();

    /** The master's file is the stored one, or a new one. */
    void onProven();

    /** Told once; nothing follows. */
    void onFailed(LinkFailure failure);
  }

  /**
   * What an attempt is for.
   *
   * @param master where to
   * @param again whether there was a connection before, for messages
   * @param wishes what the master is asked for
   * @param end where the store ends
   */
  record Goal(MasterConfig master, boolean again, Wishes wishes, StoredEnd end) {}

  private final MasterConfig master;
  private final boolean again;
  private final Wishes wishes;
  private final StoredEnd end;
  private ResumePoint resume;
  private final BinlogWriter writer;
  private final Supplier<Watermark> stored;
  private final LinkCounters counters;
  private final Reports reports;
  private final MasterDialogue dialogue;
  private volatile @Nullable QueryClient client;
  private @Nullable EventReceiver receiver;
  private final Runnable flush = this::flush;
  private boolean flushing;
  private @Nullable ScheduledFuture<?> watchdog;
  private long lastHeardNanos;
  private @Nullable AckSender acks;
  private volatile boolean acknowledges;
  private int epoch;
  private boolean ready;
  private boolean paused;
  private boolean closed;

  /**
   * Does nothing yet; see {@link #open}.
   *
   * @param goal what the attempt is for
   * @param writer takes what comes
   * @param stored up to where it may be acknowledged
   * @param counters counts it
   * @param reports who is told
   */
  MasterConnection(
      Goal goal,
      BinlogWriter writer,
      Supplier<Watermark> stored,
      LinkCounters counters,
      Reports reports) {
    this.master = goal.master();
    this.again = goal.again();
    this.wishes = goal.wishes();
    this.end = goal.end();
    this.resume = end.resume();
    this.writer = writer;
    this.stored = stored;
    this.counters = counters;
    this.reports = reports;
    this.dialogue = new MasterDialogue(wishes, end, this, this);
  }

  /** Dials. Any thread, once. */
  void open(MasterTarget target) {
    client = target.dial(this);
  }

  /**
   * Ends the attempt; nothing is reported any more. Any thread.
   *
   * @return completes when the attempt has let go of the writer
   */
  CompletableFuture<Void> close() {
    QueryClient open = client;
    return open == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(this::finish, open.eventLoop());
  }

  /** More is stored. Any thread. */
  void onStored() {
    QueryClient open = client;
    if (acknowledges && open != null) {
      open.eventLoop()
          .execute(
              () -> {
                AckSender sender = acks;
                if (!closed && sender != null) {
                  sender.onStored();
                }
              });
    }
  }

  /** The store has room again. Any thread. */
  void resumeReading() {
    QueryClient open = client;
    if (open != null) {
      open.eventLoop()
          .execute(
              () -> {
                if (!closed && paused) {
                  paused = false;
                  lastHeardNanos = System.nanoTime();
                  open.setReading(true);
                }
              });
    }
  }

  private void finish() {
    if (closed) {
      return;
    }
    closed = true;
    if (watchdog != null) {
      watchdog.cancel(false);
    }
    if (receiver != null) {
      receiver.close();
    }
    QueryClient open = client;
    if (open != null) {
      open.close();
    }
  }

  private void fail(LinkFailure failure) {
    if (!closed) {
      finish();
      reports.onFailed(failure);
    }
  }

  @Override
  public void onReady(QueryClient opened) {
    if (closed) {
      return;
    }
    client = opened;
    ready = true;
    reports.onLoggedIn();
    watch(opened);
    dialogue.begin();
  }

  @Override
  public void onFailure(QueryClient failed, Failure failure) {
    client = failed;
    ReplyError error = failure.error();
    if (ready) {
      fail(
          error == null
              ? LinkFailure.lost(failure.message())
              : LinkFailure.ofMaster(error.code(), error.message(), false));
    } else if (error != null) {
      LinkFailure.Kind kind = LinkFailure.ofLogin(error.code());
      fail(LinkFailure.connecting(master, again, kind, error.code(), error.message()));
    } else if (TlsFailure.is(failure)) {
      fail(
          LinkFailure.connecting(
              master,
              again,
              LinkFailure.Kind.REFUSED,
              LinkFailure.TLS,
              "TLS/SSL error: " + TlsFailure.reason(failure)));
    } else if (failure.kind() == Failure.Kind.PERMANENT) {
      fail(
          LinkFailure.connecting(
              master,
              again,
              LinkFailure.Kind.REFUSED,
              LinkFailure.CANNOT_CONNECT,
              failure.message()));
    } else {
      unreachable(failure);
    }
  }

  /** With the numbers of the operating system where a replica shows them. */
  private void unreachable(Failure failure) {
    Throwable cause = failure.cause();
    boolean unknown = cause instanceof UnknownHostException;
    String reason = failure.message();
    if (cause instanceof ConnectTimeoutException) {
      reason = "110 \"Connection timed out\"";
    } else if (cause instanceof ConnectException && reason.contains("Connection refused")) {
      reason = "111 \"Connection refused\"";
    }
    fail(
        LinkFailure.connecting(
            master,
            again,
            LinkFailure.Kind.TRANSIENT,
            unknown ? LinkFailure.UNKNOWN_HOST : LinkFailure.CANNOT_CONNECT,
            (unknown ? "Unknown server host '" : "Can't connect to server on '")
                + master.host()
                + "' ("
                + reason
                + ")"));
  }

  private Duration silence() {
    return wishes.heartbeatPeriod().isZero()
        ? SILENCE_WITHOUT_HEARTBEAT
        : wishes.heartbeatPeriod().multipliedBy(SILENT_PERIODS);
  }

  private void watch(QueryClient opened) {
    lastHeardNanos = System.nanoTime();
    long nanos = silence().toNanos();
    long tick = Math.max(nanos / 4, 1);
    watchdog =
        opened
            .eventLoop()
            .scheduleAtFixedRate(
                () -> {
                  if (!closed && System.nanoTime() - lastHeardNanos > nanos && !paused) {
                    fail(
                        LinkFailure.lost(
                            "the master has been silent for " + silence().toMillis() + " ms"));
                  }
                },
                tick,
                tick,
                TimeUnit.NANOSECONDS);
  }

  @Override
  public void query(String sql) {
    QueryClient open = client;
    if (open != null && !closed) {
      open.query(sql, this);
    }
  }

  @Override
  public void onResult(ResultSet result) {
    if (!closed) {
      lastHeardNanos = System.nanoTime();
      dialogue.onResult(result);
    }
  }

  @Override
  public void onError(ReplyError error) {
    if (!closed) {
      dialogue.onError(error);
    }
  }

  @Override
  public void register(ComRegisterSlave request) {
    send(Command.REGISTER_SLAVE, request::encode, this::onRegisterReply);
  }

  private void onRegisterReply(ByteBuf chunk, MySqlReply reply) {
    chunk.release();
    if (closed || !reply.isComplete()) {
      return;
    }
    ReplyError error = reply.error();
    if (error == null) {
      dialogue.onRegistered();
    } else {
      dialogue.onError(error);
    }
  }

  /** Com* messages encode themselves with their command byte, which the request adds itself. */
  private void send(Command command, Consumer<ByteBuf> body, QueryClient.ChunkListener answer) {
    QueryClient open = client;
    if (open == null || closed) {
      return;
    }
    ByteBuf encoded = Unpooled.buffer(64);
    body.accept(encoded);
    encoded.skipBytes(1);
    Message message = MySqlRequest.command(command, encoded);
    open.send(message, answer);
  }

  @Override
  public void onStep(DialogueStep step) {
    reports.onStep(step);
  }

  @Override
  public void onClock(long masterSeconds) {
    counters.clockSkewFrom(masterSeconds);
  }

  @Override
  public void onVariables(Map<String, String> variables, Map<String, VariableTraits> traits) {
    reports.onVariables(variables, traits);
  }

  @Override
  public void onRefused(LinkFailure failure) {
    fail(failure);
  }

  @Override
  public void onEpoch(String file) {
    QueryClient open = client;
    if (open == null || closed) {
      return;
    }
    epoch = resume.file().epoch() + 1;
    reports.onEpoch();
    writer
        .beginEpoch("master " + master.address() + " goes on with " + file)
        .whenComplete(
            (point, error) ->
                open.eventLoop()
                    .execute(
                        () -> {
                          if (closed) {
                            return;
                          }
                          if (error != null) {
                            fail(LinkFailure.ofStore(error));
                          } else {
                            resume = point;
                            dialogue.onEpochReady();
                          }
                        }));
  }

  @Override
  public void onDump(DumpCommand request, boolean checksums, boolean semiSync) {
    EventIntake intake =
        new EventIntake(
            resume, request.file(), request.position(), checksums, end.tail(), counters);
    receiver =
        new EventReceiver(writer, ByteBufAllocator.DEFAULT, intake, counters, semiSync, this);
    QueryClient open = client;
    counters.dumping(semiSync && open != null);
    if (semiSync && open != null) {
      acks =
          new AckSender(
              Math.max(epoch, 1),
              stored,
              acknowledgement -> {
                counters.acknowledged();
                open.sendMore(acknowledgement);
              });
      acknowledges = true;
    }
    send(request.command(), request.body(), this::onStreamChunk);
    reports.onStreaming();
  }

  private void onStreamChunk(ByteBuf chunk, MySqlReply reply) {
    if (closed || receiver == null) {
      chunk.release();
      return;
    }
    lastHeardNanos = System.nanoTime();
    receiver.take(chunk);
    QueryClient open = client;
    if (!closed && !flushing && open != null) {
      // Runs when this turn of the loop has read what there is.
      flushing = true;
      open.eventLoop().execute(flush);
    }
  }

  private void flush() {
    flushing = false;
    if (!closed && receiver != null) {
      receiver.flush();
    }
  }

  @Override
  public void onProven() {
    reports.onProven();
  }

  @Override
  public void onAckWanted(String file, long position) {
    AckSender sender = acks;
    if (sender != null) {
      sender.onWanted(file, position);
    }
  }

  @Override
  public void onQueueFull() {
    QueryClient open = client;
    if (open != null && !closed && !paused) {
      paused = true;
      open.setReading(false);
    }
  }

  @Override
  public void onFailed(LinkFailure failure) {
    fail(failure);
  }
}

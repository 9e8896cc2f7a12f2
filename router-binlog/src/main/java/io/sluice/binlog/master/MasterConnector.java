package io.sluice.binlog.master;

import io.netty.channel.EventLoop;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterFailure;
import io.sluice.binlog.store.WriterListener;
import io.sluice.mysql.client.QueryClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives the {@link MasterLink} its effects: prepares the store, makes one {@link MasterConnection}
 * for each attempt and brings its reports, and those of the writer, to the link's loop. Confined to
 * that loop, except where said.
 */
public final class MasterConnector implements MasterLink.Effects, WriterListener {
  private final EventLoop loop;
  private final BinlogWriter writer;
  private final MasterVariables variables;
  private final LinkCounters counters;
  private final MasterDialogue.Wishes wishes;
  private final Function<QueryClient.Listener, QueryClient> dialer;
  private final MasterLink link;
  private int current;
  private CompletableFuture<Void> released = CompletableFuture.completedFuture(null);
  private volatile @Nullable MasterConnection connection;

  /**
   * What a connector works with.
   *
   * @param name of the service, for logs
   * @param loop the link's loop
   * @param clock the time
   * @param serverId the relay's own server id
   * @param start where an empty store begins
   * @param heartbeatPeriod zero for none
   * @param reportHost for SHOW SLAVE HOSTS
   * @param reportPort for SHOW SLAVE HOSTS
   */
  public record Setup(
      String name,
      EventLoop loop,
      Clock clock,
      long serverId,
      StartPoint start,
      Duration heartbeatPeriod,
      String reportHost,
      int reportPort) {}

  /**
   * Makes connector and link; {@link #link} starts it.
   *
   * @param setup settings
   * @param reconnectMin first pause
   * @param reconnectMax longest pause
   * @param writer the store's writer; this becomes its listener
   * @param variables where the master's variables go
   * @param counters what came
   * @param dialer opens the dummy client
   */
  public MasterConnector(
      Setup setup,
      Duration reconnectMin,
      Duration reconnectMax,
      BinlogWriter writer,
      MasterVariables variables,
      LinkCounters counters,
      Function<QueryClient.Listener, QueryClient> dialer) {
    this.loop = setup.loop();
    this.writer = writer;
    this.variables = variables;
    this.counters = counters;
    this.wishes =
        new MasterDialogue.Wishes(
            setup.serverId(),
            setup.start(),
            setup.heartbeatPeriod(),
            setup.reportHost(),
            setup.reportPort());
    this.dialer = dialer;
    this.link =
        new MasterLink(
            setup.name(),
            loop,
            setup.clock(),
            new ReconnectPolicy(reconnectMin, reconnectMax),
            this);
    writer.listener(this);
  }

  /** The link that this serves. */
  public MasterLink link() {
    return link;
  }

  /**
   * Disconnects for good. Any thread.
   *
   * @return completes when nothing is written to the store any more
   */
  public CompletableFuture<Void> stop() {
    return CompletableFuture.supplyAsync(
            () -> {
              link.onStop();
              return released;
            },
            loop)
        .thenCompose(done -> done);
  }

  @Override
  public void connect(int attempt) {
    current = attempt;
    // The writer belongs to one loop at a time: first the old connection lets go of it.
    released
        .thenCompose(done -> writer.discardIncomplete())
        .whenComplete(
            (resume, error) ->
                loop.execute(
                    () -> {
                      if (attempt != current) {
                        return;
                      }
                      if (error != null) {
                        link.onFailed(
                            attempt,
                            new LinkFailure(
                                LinkFailure.Kind.TRANSIENT,
                                LinkFailure.RELAY_LOG_WRITE,
                                "store: " + rootMessage(error)));
                      } else {
                        dial(attempt, resume);
                      }
                    }));
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void dial(int attempt, ResumePoint resume) {
    MasterConnection next =
        new MasterConnection(wishes, resume, writer, counters, new LoopReports(attempt));
    connection = next;
    next.open(dialer);
  }

  @Override
  public void disconnect(int attempt) {
    current = attempt + 1;
    MasterConnection old = connection;
    connection = null;
    if (old != null) {
      released = old.close();
    }
  }

  @Override
  public void after(Duration pause, Runnable task) {
    loop.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onPublished(Watermark watermark) {
    loop.execute(link::onProgress);
  }

  @Override
  public void onFailure(WriterFailure failure) {
    LinkFailure.Kind kind =
        switch (failure.kind()) {
          case POSITION_MISMATCH, FILE_NAME, EPOCH_GAP, BAD_EVENT, QUEUE_OVERFLOW ->
              LinkFailure.Kind.MISMATCH;
          case IO_ERROR, DISK_FULL, CLOSED -> LinkFailure.Kind.TRANSIENT;
        };
    loop.execute(
        () ->
            link.onFailed(
                current,
                new LinkFailure(kind, LinkFailure.RELAY_LOG_WRITE, "store: " + failure.message())));
  }

  @Override
  public void onQueueDrained() {
    MasterConnection open = connection;
    if (open != null) {
      open.resumeReading();
    }
  }

  /** Brings the reports of one attempt to the link's loop. */
  private final class LoopReports implements MasterConnection.Reports {
    private final int attempt;

    LoopReports(int attempt) {
      this.attempt = attempt;
    }

    @Override
    public void onLoggedIn() {
      loop.execute(() -> link.onLoggedIn(attempt));
    }

    @Override
    public void onStep(DialogueStep step) {
      loop.execute(() -> link.onStep(attempt, step));
    }

    @Override
    public void onVariables(Map<String, String> values, Map<String, VariableTraits> traits) {
      variables.set(values, traits);
    }

    @Override
    public void onStreaming() {
      loop.execute(() -> link.onStreaming(attempt));
    }

    @Override
    public void onFailed(LinkFailure failure) {
      loop.execute(() -> link.onFailed(attempt, failure));
    }
  }
}

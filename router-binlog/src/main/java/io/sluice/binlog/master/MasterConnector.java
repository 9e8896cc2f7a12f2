package io.sluice.binlog.master;

import io.netty.channel.EventLoop;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.binlog.store.BinlogWriter;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.binlog.store.Watermark;
import io.sluice.binlog.store.WriterFailure;
import io.sluice.binlog.store.WriterListener;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
  private final Setup setup;
  private final EventLoop loop;
  private final BinlogWriter writer;
  private final Function<ResumePoint, CompletableFuture<Optional<StoredTail>>> tails;
  private final MasterVariables variables;
  private final KnownSources sources;
  private final LinkCounters counters;
  private final MasterTarget target;
  private final ReconnectPolicy policy;
  private final MasterLink link;
  private final GtidWatch gtids;
  private int current;
  private CompletableFuture<Void> released = CompletableFuture.completedFuture(null);
  private volatile @Nullable MasterConnection connection;

  /** Up to where the master may be told that everything is stored. */
  private volatile Watermark stored = Watermark.EMPTY;

  /** What the current attempt has found out, for the moment when it counts. */
  private @Nullable Runnable newVariables;

  private String uuid = "";

  /** The epoch from which on the stored log is that of the current master. */
  private int ownEpoch;

  /**
   * What a connector works with.
   *
   * @param name of the service, for logs
   * @param loop the link's loop
   * @param clock the time
   * @param serverId the relay's own server id
   * @param serverUuid the relay's own server uuid
   * @param reconnectMax longest pause between attempts
   * @param reportHost for SHOW SLAVE HOSTS
   * @param reportPort for SHOW SLAVE HOSTS
   * @param semiSync which mark to acknowledge
   */
  public record Setup(
      String name,
      EventLoop loop,
      Clock clock,
      long serverId,
      String serverUuid,
      Duration reconnectMax,
      String reportHost,
      int reportPort,
      SemiSync semiSync) {}

  /** Whether and when the master is told that a transaction is stored. */
  public enum SemiSync {
    /** Never: the master does not wait for us. */
    OFF,
    /** When it was written. */
    WRITTEN,
    /** When it is on the disk. */
    SYNCED
  }

  /**
   * Makes connector and link; {@link #start} starts it.
   *
   * @param setup settings
   * @param target where to
   * @param writer the store's writer; this becomes its listener
   * @param tails reads the last stored event
   * @param variables where the master's variables go
   * @param sources whose log the store holds
   * @param counters what came
   */
  public MasterConnector(
      Setup setup,
      MasterTarget target,
      BinlogWriter writer,
      Function<ResumePoint, CompletableFuture<Optional<StoredTail>>> tails,
      MasterVariables variables,
      KnownSources sources,
      LinkCounters counters) {
    this.setup = setup;
    this.loop = setup.loop();
    this.target = target;
    this.writer = writer;
    this.tails = tails;
    this.variables = variables;
    this.sources = sources;
    this.counters = counters;
    this.policy = new ReconnectPolicy(target.config().connectRetry(), setup.reconnectMax());
    this.link = new MasterLink(setup.name(), loop, setup.clock(), policy, this);
    this.gtids = new GtidWatch(loop, target, variables, sources);
    writer.listener(this);
  }

  /** The link that this serves. */
  public MasterLink link() {
    return link;
  }

  /**
   * Wants to be connected. Any thread.
   *
   * @return completes when the first attempt has begun
   */
  public CompletableFuture<Void> start() {
    return CompletableFuture.runAsync(link::onStart, loop);
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

  /** Forgets the last error, when disconnected. Any thread. */
  public CompletableFuture<Void> forgetFailures() {
    return CompletableFuture.runAsync(link::onForget, loop);
  }

  @Override
  public void connect(int attempt) {
    current = attempt;
    policy.min(target.config().connectRetry());
    policy.limit(target.config().retryCount());
    newVariables = null;
    // The writer belongs to one loop at a time: first the old connection lets go of it.
    released
        .thenCompose(done -> writer.discardIncomplete())
        .thenCompose(
            resume ->
                tails
                    .apply(resume)
                    .thenApply(
                        tail ->
                            new StoredEnd(
                                resume, tail.orElse(null), sources.uuid(resume.file().epoch()))))
        .whenComplete(
            (end, error) ->
                loop.execute(
                    () -> {
                      if (attempt != current) {
                        return;
                      }
                      if (error != null) {
                        link.onFailed(attempt, LinkFailure.ofStore(error));
                      } else {
                        dial(attempt, end);
                      }
                    }));
  }

  private void dial(int attempt, StoredEnd end) {
    MasterConfig master = target.config();
    ownEpoch = end.resume().file().epoch();
    Wishes wishes =
        new Wishes(
            setup.serverId(),
            setup.serverUuid(),
            master.start(),
            master.heartbeatPeriod(),
            setup.reportHost(),
            setup.reportPort(),
            setup.semiSync() != SemiSync.OFF,
            master.useGtid() != UseGtid.NO,
            master.mayBeginEpoch());
    MasterConnection next =
        new MasterConnection(
            new MasterConnection.Goal(master, link.hasConnected(), wishes, end),
            writer,
            () -> stored,
            counters,
            new LoopReports(attempt, end.resume().isEmpty()));
    connection = next;
    try {
      next.open(target);
    } catch (InvalidConfigException e) {
      link.onFailed(
          attempt,
          LinkFailure.connecting(
              master,
              false,
              LinkFailure.Kind.FATAL,
              LinkFailure.TLS,
              String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void disconnect(int attempt) {
    current = attempt + 1;
    gtids.end();
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
    if (setup.semiSync() == SemiSync.WRITTEN) {
      acknowledge(watermark);
    }
    loop.execute(
        () -> {
          link.onProgress();
          if (watermark.file().epoch() >= ownEpoch) {
            follow(watermark.file().epoch());
            gtids.onStored(watermark);
          }
        });
  }

  @Override
  public void onDurable(Watermark watermark) {
    if (setup.semiSync() == SemiSync.SYNCED) {
      acknowledge(watermark);
    }
  }

  private void acknowledge(Watermark watermark) {
    stored = watermark;
    MasterConnection open = connection;
    if (open != null) {
      open.onStored();
    }
  }

  /** What replicas see is this master's from now on. */
  private void follow(int epoch) {
    Runnable ready = newVariables;
    if (ready != null) {
      newVariables = null;
      ready.run();
      sources.follow(epoch, uuid);
      target.onFollowed();
      gtids.begin();
    }
  }

  @Override
  public void onFailure(WriterFailure failure) {
    LinkFailure.Kind kind =
        switch (failure.kind()) {
          case POSITION_MISMATCH, FILE_NAME, EPOCH_GAP, BAD_EVENT, QUEUE_OVERFLOW ->
              LinkFailure.Kind.MISMATCH;
          case IO_ERROR, DISK_FULL, READ_ONLY -> LinkFailure.Kind.STORAGE;
          case CLOSED -> LinkFailure.Kind.TRANSIENT;
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
    private final boolean first;

    LoopReports(int attempt, boolean first) {
      this.attempt = attempt;
      this.first = first;
    }

    private void onLoop(Runnable report) {
      loop.execute(
          () -> {
            if (attempt == current) {
              report.run();
            }
          });
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
      String sourceUuid = values.getOrDefault("server_uuid", "");
      String purged = values.getOrDefault("gtid_purged", "");
      if (first) {
        // Nothing is stored that they could contradict.
        sources.purged(purged);
        variables.set(values, traits);
        onLoop(() -> learned(sourceUuid, () -> {}));
      } else {
        onLoop(
            () ->
                learned(
                    sourceUuid,
                    () -> {
                      sources.purged(purged);
                      variables.set(values, traits);
                    }));
      }
    }

    private void learned(String sourceUuid, Runnable ready) {
      uuid = sourceUuid;
      newVariables = ready;
    }

    @Override
    public void onEpoch() {
      onLoop(() -> ownEpoch++);
    }

    @Override
    public void onStreaming() {
      loop.execute(() -> link.onStreaming(attempt));
    }

    @Override
    public void onProven() {
      onLoop(
          () -> {
            int epoch = writer.durable().file().epoch();
            if (epoch >= ownEpoch) {
              follow(epoch);
            }
          });
    }

    @Override
    public void onFailed(LinkFailure failure) {
      loop.execute(() -> link.onFailed(attempt, failure));
    }
  }
}

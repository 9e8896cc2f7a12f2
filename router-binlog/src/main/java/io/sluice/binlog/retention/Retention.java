package io.sluice.binlog.retention;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.Inventory;
import io.sluice.binlog.store.PurgeRequest;
import io.sluice.binlog.store.PurgeResult;
import io.sluice.binlog.store.StoreListener;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store purge what is kept long enough: at an interval, and when a file is complete. Works
 * on the store's I/O threads, one round at a time. Thread-safe.
 */
public final class Retention implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

  /** How long a limit may be exceeded unnoticed. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private final BinlogStore store;
  private final KnownReplicas known;
  private final RetentionOptions options;
  private final RetentionPolicy policy;
  private final @Nullable LongConsumer archive;
  private final boolean forces;
  private final Clock clock;
  private final Future<?> timer;
  private final Map<BinlogFileId, Long> lastEvents = new ConcurrentHashMap<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder stranded = new LongAdder();
  private volatile RetentionRound last = RetentionRound.NONE;
  private volatile BinlogFileId newest = BinlogFileId.NONE;

  /** Closed files whose age could not be told in this round, and why. */
  private final Map<BinlogFileId, String> ageless = new ConcurrentHashMap<>();

  /**
   * Begins.
   *
   * @param store the log
   * @param known who needs what
   * @param options the limits
   * @param archive told in each round how many bytes are missing on the disk, 0 for none, so that
   *     closed files leave it sooner; null if they stay on it, and then the oldest ones go
   * @param forces whether the log is forced to disk
   * @param timers where the interval is counted; nothing else is done there
   */
  public Retention(
      BinlogStore store,
      KnownReplicas known,
      RetentionOptions options,
      @Nullable LongConsumer archive,
      boolean forces,
      ScheduledExecutorService timers,
      Clock clock) {
    this.store = store;
    this.known = known;
    this.options = options;
    this.policy = new RetentionPolicy(options, archive != null);
    this.archive = archive;
    this.forces = forces;
    this.clock = clock;
    store.addListener(new FileEnds());
    this.timer =
        timers.scheduleWithFixedDelay(this::soon, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class FileEnds implements StoreListener {
    @Override
    public void onEvents(BinlogFileId file, long position, ByteBuf data, int[] offsets) {
      data.release();
    }

    @Override
    public void onPublished(Watermark watermark) {
      if (!watermark.file().equals(newest)) {
        newest = watermark.file();
        soon();
      }
    }

    @Override
    public void onClosed() {
      close();
    }
  }

  /** Has a round made soon. */
  public void soon() {
    if (!closed.get() && wanted.getAndIncrement() == 0) {
      begin();
    }
  }

  private void begin() {
    try {
      store.ioExecutor().execute(this::round);
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().log("the store is closed: nothing is purged any more");
    }
  }

  private void round() {
    int covered = wanted.get();
    CompletableFuture<?> purge;
    try {
      purge = purge();
    } catch (IOException | RuntimeException e) {
      purge = CompletableFuture.failedFuture(e);
    }
    purge.whenComplete(
        (done, error) -> {
          if (error != null) {
            LOGGER.atWarn().setCause(error).log("retention cannot purge the log");
            last = last.failed(String.valueOf(error.getMessage()));
          }
          if (wanted.addAndGet(-covered) > 0 && !closed.get()) {
            begin();
          }
        });
  }

  private CompletableFuture<?> purge() throws IOException {
    known.save(false);
    Inventory now = store.inventory();
    BinlogFileId end = now.newest();
    if (end == null) {
      last = RetentionRound.NONE;
      return CompletableFuture.completedFuture(null);
    }
    RetentionPolicy.Log log = log(now, end);
    List<Need> needs = new ArrayList<>();
    known.all().forEach(replica -> needs.add(replica.need()));
    if (forces) {
      // A force that fails takes the log back to there.
      needs.add(new Need(store.writer().durable().file(), "the force to disk, not done yet,"));
    }
    RetentionPlan plan = policy.plan(log, needs);
    LongConsumer missing = archive;
    if (missing != null) {
      missing.accept(Math.max(0, options.free() - log.freeBytes()));
    }
    RetentionRound round =
        RetentionRound.of(log, plan, clock.instant(), last).failed(ageless(log, plan)).telling();
    last = round;
    if (plan.goes() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    stranded.add(plan.strands().size());
    CompletableFuture<?> hard =
        plan.hardLimit().equals(BinlogFileId.NONE)
            ? CompletableFuture.completedFuture(round)
            : purge(plan.hardLimit(), true);
    return hard.thenCompose(done -> purge(plan.limit(), false))
        .thenAccept(done -> last = round.purged(done));
  }

  /** Why the limit of time ends at a file that may be too old; empty if it does not. */
  private String ageless(RetentionPolicy.Log log, RetentionPlan plan) {
    int first = plan.goes() + plan.held();
    if (options.time().isZero() || first >= log.closed().size()) {
      return "";
    }
    String why = ageless.get(log.closed().get(first).id());
    return why == null ? "" : "retention-time: the age of a file cannot be told: " + why;
  }

  private CompletableFuture<PurgeResult> purge(BinlogFileId oldest, boolean overReaders) {
    return store
        .purge(new PurgeRequest.Files(oldest, overReaders))
        .thenApply(
            result -> {
              files.add(result.removed().size());
              bytes.add(result.bytes());
              return result;
            });
  }

  private RetentionPolicy.Log log(Inventory now, BinlogFileId end) throws IOException {
    List<FileFacts> all = new ArrayList<>();
    HashSet<BinlogFileId> ids = new HashSet<>();
    ageless.clear();
    for (StoredFile file : now.files()) {
      ids.add(file.id());
      boolean counts = !options.time().isZero() || all.isEmpty();
      boolean grows = file.id().equals(end);
      all.add(
          new FileFacts(
              file.id(),
              store.diskBytes(file.id()),
              grows ? now.watermark().eventTimestamp() : counts ? lastEvent(file.id()) : 0));
    }
    lastEvents.keySet().retainAll(ids);
    FileFacts growing = all.remove(all.size() - 1);
    return new RetentionPolicy.Log(
        List.copyOf(all), growing, store.usableBytes(), clock.instant().getEpochSecond());
  }

  /** A file that cannot be read now, such as one whose share is not mounted, is not old. */
  private long lastEvent(BinlogFileId file) {
    Long seconds = lastEvents.get(file);
    if (seconds == null) {
      try {
        seconds = store.lastEventSeconds(file);
        lastEvents.put(file, seconds);
      } catch (IOException e) {
        ageless.put(file, String.valueOf(e.getMessage()));
        LOGGER
            .atDebug()
            .addKeyValue("file", file)
            .setCause(e)
            .log("cannot tell how old a binlog file is");
        return 0;
      }
    }
    return seconds;
  }

  /** The last round. */
  RetentionRound last() {
    return last;
  }

  /** The limits. */
  RetentionOptions options() {
    return options;
  }

  /** Who is known. */
  KnownReplicas known() {
    return known;
  }

  /** Bytes that are kept beyond the limits. */
  long heldBytes() {
    return last.plan().heldBytes();
  }

  /** Files that retention has purged since the start. */
  long purgedFiles() {
    return files.sum();
  }

  /** Bytes of these. */
  long purgedBytes() {
    return bytes.sum();
  }

  /** How often a known replica lost what it needed to the hard limit. */
  long strandedReplicas() {
    return stranded.sum();
  }

  /** For display: limits, what is there, what is held and by whom. */
  public Map<String, Object> details() {
    return RetentionDetails.of(this, clock);
  }

  /** For display: who is known. */
  public List<Map<String, Object>> replicas() {
    BinlogFileId oldest = store.inventory().oldest();
    BinlogFileId first = oldest == null ? BinlogFileId.NONE : oldest;
    return known.all().stream().map(replica -> replica.toMap(first)).toList();
  }

  /** Ends; what is known of replicas is written. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      timer.cancel(false);
      known.save(true);
    }
  }
}

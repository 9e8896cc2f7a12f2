package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.BinlogFormatException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link BinlogWriter} with one thread: commands come through a queue, each run of queued commands
 * ends in one write and one publication. Forces run beside it ({@link LogSync}); it waits for one
 * only where the next step must not come before it: the end of a file, a new epoch, a way back.
 * {@link ActiveLog} does the work; this class owns queue, thread and failures.
 */
final class FileBinlogWriter implements BinlogWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileBinlogWriter.class);
  private static final int OVERFLOW_FACTOR = 4;

  /** After so many bytes a batch ends even if the queue never does. */
  private static final int BATCH_LIMIT = 1 << 20;

  private final ActiveLog log;
  private final IntakeWatch watch;
  private final SyncPolicy policy;
  private final boolean serveSynced;
  private final boolean wholeTransactions;
  private final LogSync sync;
  private final int highBytes;
  private final LinkedBlockingQueue<WriterCommand> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private final Thread thread;
  private volatile WriterListener listener = new WriterListener() {};
  private volatile Watermark durable;
  private volatile boolean closed;
  private @Nullable WriterFailure failure;
  private long syncDue = Long.MAX_VALUE;

  /** A force failed: what is behind the durable mark is not to be relied on. */
  private boolean distrusted;

  private long batchBytes;

  /**
   * Does nothing yet; see {@link #start}.
   *
   * @param watch tells when the disk does not take bytes
   */
  FileBinlogWriter(ActiveLog log, StoreOptions options, IntakeWatch watch, String threadName) {
    this.log = log;
    this.watch = watch;
    this.policy = options.sync();
    this.wholeTransactions = options.wholeTransactions();
    this.serveSynced = options.serveAfter() == ServeAfter.SYNCED;
    this.sync = new LogSync(new SyncListener(), threadName + "-sync");
    this.highBytes = options.queueBytes();
    this.durable = log.watermark();
    this.thread = new Thread(this::run, threadName);
  }

  void start() {
    thread.start();
    sync.start();
  }

  /** On the sync thread. */
  private final class SyncListener implements LogSync.Listener {
    @Override
    public void onForced(Watermark mark) {
      markDurable(mark);
    }

    @Override
    public void onOver() {
      queue.add(new WriterCommand.Forced());
    }
  }

  @Override
  public void listener(WriterListener newListener) {
    listener = newListener;
  }

  @Override
  public Watermark durable() {
    return durable;
  }

  /** Forces what was given so far, if the disk takes it; what is durable then. Blocks. */
  Watermark force() {
    CompletableFuture<Watermark> done = new CompletableFuture<>();
    queue.add(new WriterCommand.Force(done));
    if (closed) {
      drainAfterClose();
    }
    return done.join();
  }

  @Override
  public @Nullable IntakeAlarm alarm() {
    return watch.alarm();
  }

  @Override
  public CompletableFuture<ResumePoint> discardIncomplete() {
    return goBack(null);
  }

  @Override
  public CompletableFuture<ResumePoint> beginEpoch(String why) {
    return goBack(why);
  }

  private CompletableFuture<ResumePoint> goBack(@Nullable String newEpoch) {
    CompletableFuture<ResumePoint> done = new CompletableFuture<>();
    if (closed) {
      done.completeExceptionally(new WriterFailedException(closedFailure()));
    } else {
      queue.add(new WriterCommand.Discard(newEpoch, done));
      if (closed) {
        drainAfterClose();
      }
    }
    return done;
  }

  @Override
  public void startFile(String name) {
    queue.add(new WriterCommand.StartFile(name));
  }

  @Override
  public boolean append(long position, ByteBuf bytes) {
    int size = bytes.readableBytes();
    long waiting = queuedBytes.addAndGet(size);
    if (closed || waiting > (long) highBytes * OVERFLOW_FACTOR) {
      queuedBytes.addAndGet(-size);
      bytes.release();
      if (!closed && overflowed.compareAndSet(false, true)) {
        queue.add(new WriterCommand.Overflow());
      }
      return false;
    }
    queue.add(new WriterCommand.Append(position, bytes));
    if (closed) {
      drainAfterClose();
      return false;
    }
    if (waiting < highBytes) {
      return true;
    }
    full.set(true);
    // The writer may have emptied the queue just before the flag was set: then nobody would call
    // back.
    return queuedBytes.get() <= highBytes / 4 && full.compareAndSet(true, false);
  }

  private void run() {
    boolean running = true;
    while (running) {
      try {
        WriterCommand command = take();
        batchBytes = 0;
        while (command != null && running) {
          running = handle(command);
          command = running && batchBytes < BATCH_LIMIT ? queue.poll() : null;
        }
        settle(!running);
      } catch (InterruptedException e) {
        LOGGER.atWarn().log("binlog writer was interrupted, goes on");
      }
    }
    log.close();
    sync.close();
    drainAfterClose();
  }

  private @Nullable WriterCommand take() throws InterruptedException {
    if (syncDue == Long.MAX_VALUE || sync.isBusy()) {
      return queue.take();
    }
    long wait = syncDue - System.nanoTime();
    return wait <= 0 ? queue.poll() : queue.poll(wait, TimeUnit.NANOSECONDS);
  }

  private boolean handle(WriterCommand command) {
    if (command instanceof WriterCommand.Append append) {
      append(append);
    } else if (command instanceof WriterCommand.StartFile start) {
      guard(
          () -> {
            log.flush();
            force(() -> log.endFile(start.name()));
            log.startFile(start.name());
          });
    } else if (command instanceof WriterCommand.Discard discard) {
      discard(discard);
    } else if (command instanceof WriterCommand.Force asked) {
      forceNow();
      asked.done().complete(durable);
    } else if (command instanceof WriterCommand.Forced) {
      guard(this::takeOutcome);
    } else if (command instanceof WriterCommand.Overflow) {
      fail(
          WriterFailure.Kind.QUEUE_OVERFLOW,
          "writer queue: full (expected: the link pauses)",
          null);
    } else {
      return false;
    }
    return true;
  }

  private void append(WriterCommand.Append append) {
    ByteBuf bytes = append.bytes();
    int size = bytes.readableBytes();
    batchBytes += size;
    try {
      guard(() -> log.append(append.position(), bytes));
    } finally {
      bytes.release();
      long left = queuedBytes.addAndGet(-size);
      if (left <= highBytes / 4 && full.compareAndSet(true, false)) {
        tell(listener::onQueueDrained);
      }
    }
  }

  private void forceNow() {
    guard(
        () -> {
          log.flush();
          force(log::force);
        });
  }

  private void discard(WriterCommand.Discard command) {
    forceNow();
    failure = null;
    overflowed.set(false);
    Watermark proven = distrusted ? durable : null;
    try {
      String why = command.newEpoch();
      ResumePoint point = why == null ? log.discardIncomplete(proven) : log.beginEpoch(why, proven);
      distrusted = false;
      syncDue = Long.MAX_VALUE;
      markDurable(log.watermark());
      if (watch.alarm() != null) {
        log.probe();
        watch.canGoOn(log.watermark());
      }
      command.done().complete(point);
    } catch (IOException | RuntimeException e) {
      WriterFailure caused = failureOf(e);
      failure = caused;
      distrusted |= e instanceof ForceFailedException;
      log.abandon();
      if (caused.kind().isStorage()) {
        watch.raise(caused, false, log.watermark());
      }
      command.done().completeExceptionally(new WriterFailedException(caused));
    }
  }

  /** The end of a batch: write, publish, begin a force when one is due. */
  private void settle(boolean last) {
    guard(
        () -> {
          takeOutcome();
          log.flush();
          if (last || log.entersEpoch()) {
            force(log::force);
          } else {
            if (!serveSynced) {
              publish(log.cut());
            }
            if (!wholeTransactions) {
              log.publishOpen();
            }
            beginForce();
          }
        });
  }

  /** Has what was written forced beside us, if that is due and no other force runs. */
  private void beginForce() {
    if (!policy.isOn() || !log.needsForce()) {
      return;
    }
    long now = System.nanoTime();
    if (syncDue == Long.MAX_VALUE) {
      syncDue = now + policy.delayNanos();
    }
    if (now - syncDue >= 0 && !sync.isBusy()) {
      syncDue = Long.MAX_VALUE;
      ActiveLog.Cut cut = log.cut();
      LogSync.Force force = log.beginForce();
      if (force != null) {
        sync.begin(new LogSync.Ticket(force, cut == null ? log.watermark() : cut.mark(), cut));
      }
    }
  }

  /**
   * Forces what was written, here and now.
   *
   * @param step what does it
   */
  private void force(Work step) throws IOException {
    awaitForce();
    boolean early = !serveSynced && !log.entersEpoch();
    ActiveLog.Cut cut = log.cut();
    if (early) {
      publish(cut);
    }
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      if (cut != null && !early) {
        log.drop(cut);
      }
      throw e;
    }
    if (!early) {
      publish(cut);
    }
    syncDue = Long.MAX_VALUE;
    markDurable(log.watermark());
    watch.onStored(log.watermark());
  }

  /** Waits for the force that runs, and takes what came of it. */
  private void awaitForce() throws IOException {
    sync.awaitIdle();
    takeOutcome();
  }

  private void takeOutcome() throws IOException {
    LogSync.Outcome outcome = sync.poll();
    if (outcome == null) {
      return;
    }
    ActiveLog.Cut cut = outcome.ticket().cut();
    IOException problem = outcome.failure();
    if (problem == null) {
      publish(cut);
      watch.onStored(outcome.ticket().mark());
      return;
    }
    distrusted = true;
    if (cut != null) {
      log.drop(cut);
    }
    throw problem;
  }

  /** On the sync thread, or on the writer's while that one has nothing to do. */
  private void markDurable(Watermark now) {
    if (now.version() != durable.version()) {
      durable = now;
      tell(() -> listener.onDurable(now));
    }
  }

  private void publish(ActiveLog.@Nullable Cut cut) {
    if (cut != null) {
      log.publish(cut);
      tell(() -> listener.onPublished(cut.mark()));
      if (!policy.isOn()) {
        watch.onStored(cut.mark());
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void guard(Work work) {
    if (failure != null) {
      return;
    }
    try {
      work.run();
    } catch (StoreRejection e) {
      fail(e.kind(), String.valueOf(e.getMessage()), null);
    } catch (IOException | RuntimeException e) {
      WriterFailure caused = failureOf(e);
      fail(caused.kind(), caused.message(), caused.cause());
    } catch (OutOfMemoryError e) {
      fail(WriterFailure.Kind.IO_ERROR, log.place() + ": " + e.getMessage(), e);
    }
  }

  private WriterFailure failureOf(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof BinlogFormatException) {
      return new WriterFailure(WriterFailure.Kind.BAD_EVENT, message, null);
    }
    return new WriterFailure(storageKind(message), log.place() + ": " + message, e);
  }

  /** The words of the operating system are all that Java tells. */
  private static WriterFailure.Kind storageKind(String message) {
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      return WriterFailure.Kind.DISK_FULL;
    }
    return message.contains("Read-only file system")
        ? WriterFailure.Kind.READ_ONLY
        : WriterFailure.Kind.IO_ERROR;
  }

  private void fail(WriterFailure.Kind kind, String message, @Nullable Throwable cause) {
    if (failure != null) {
      return;
    }
    WriterFailure caused = new WriterFailure(kind, message, cause);
    failure = caused;
    syncDue = Long.MAX_VALUE;
    distrusted |= cause instanceof ForceFailedException;
    try {
      // The file must stay open while it is forced.
      awaitForce();
    } catch (IOException e) {
      LOGGER.atWarn().setCause(e).log("a force that ran at the same time failed too");
    }
    log.abandon();
    log.hideOpen();
    if (distrusted) {
      log.takeBack(durable);
    }
    if (kind.isStorage()) {
      watch.raise(caused, true, log.watermark());
    } else {
      LOGGER
          .atError()
          .addKeyValue("kind", kind)
          .addKeyValue("reason", message)
          .setCause(cause)
          .log("binlog intake stopped");
    }
    tell(() -> listener.onFailure(caused));
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("binlog writer listener failed");
    }
  }

  private static WriterFailure closedFailure() {
    return new WriterFailure(WriterFailure.Kind.CLOSED, "store: closed", null);
  }

  private void drainAfterClose() {
    if (thread.isAlive() && Thread.currentThread() != thread) {
      return;
    }
    WriterCommand left = queue.poll();
    while (left != null) {
      if (left instanceof WriterCommand.Append append) {
        append.bytes().release();
      } else if (left instanceof WriterCommand.Discard discard) {
        discard.done().completeExceptionally(new WriterFailedException(closedFailure()));
      } else if (left instanceof WriterCommand.Force asked) {
        asked.done().complete(durable);
      }
      left = queue.poll();
    }
  }

  /** Stores what is queued, forces it and ends the threads. Blocks. */
  void close() {
    closed = true;
    queue.add(new WriterCommand.Close());
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    drainAfterClose();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

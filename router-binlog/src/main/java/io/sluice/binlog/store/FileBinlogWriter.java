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
 * ends in one write, one publication and at most one force. {@link ActiveLog} does the work; this
 * class owns queue, thread and failures.
 */
final class FileBinlogWriter implements BinlogWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileBinlogWriter.class);
  private static final int OVERFLOW_FACTOR = 4;

  /** After so many bytes a batch ends even if the queue never does. */
  private static final int BATCH_LIMIT = 1 << 20;

  private sealed interface Command {
    record Append(long position, ByteBuf bytes) implements Command {}

    record StartFile(String name) implements Command {}

    /** Back to the last whole transaction, and into a new epoch if there is a reason for one. */
    record Discard(@Nullable String newEpoch, CompletableFuture<ResumePoint> done)
        implements Command {}

    record Overflow() implements Command {}

    record Close() implements Command {}
  }

  private final ActiveLog log;
  private final SyncPolicy sync;
  private final int highBytes;
  private final LinkedBlockingQueue<Command> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicBoolean overflowed = new AtomicBoolean();
  private final Thread thread;
  private volatile WriterListener listener = new WriterListener() {};
  private volatile Watermark durable;
  private volatile boolean closed;
  private @Nullable WriterFailure failure;
  private long syncDue = Long.MAX_VALUE;
  private boolean unsynced;
  private long batchBytes;

  FileBinlogWriter(ActiveLog log, StoreOptions options, String threadName) {
    this.log = log;
    this.sync = options.sync();
    this.highBytes = options.queueBytes();
    this.durable = log.watermark();
    this.thread = new Thread(this::run, threadName);
  }

  void start() {
    thread.start();
  }

  @Override
  public void listener(WriterListener newListener) {
    listener = newListener;
  }

  @Override
  public Watermark durable() {
    return durable;
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
      queue.add(new Command.Discard(newEpoch, done));
      if (closed) {
        drainAfterClose();
      }
    }
    return done;
  }

  @Override
  public void startFile(String name) {
    queue.add(new Command.StartFile(name));
  }

  @Override
  public boolean append(long position, ByteBuf bytes) {
    int size = bytes.readableBytes();
    long waiting = queuedBytes.addAndGet(size);
    if (closed || waiting > (long) highBytes * OVERFLOW_FACTOR) {
      queuedBytes.addAndGet(-size);
      bytes.release();
      if (!closed && overflowed.compareAndSet(false, true)) {
        queue.add(new Command.Overflow());
      }
      return false;
    }
    queue.add(new Command.Append(position, bytes));
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
        Command command = take();
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
    drainAfterClose();
  }

  private @Nullable Command take() throws InterruptedException {
    if (!unsynced || syncDue == Long.MAX_VALUE) {
      return queue.take();
    }
    long wait = syncDue - System.nanoTime();
    return wait <= 0 ? queue.poll() : queue.poll(wait, TimeUnit.NANOSECONDS);
  }

  private boolean handle(Command command) {
    if (command instanceof Command.Append append) {
      append(append);
    } else if (command instanceof Command.StartFile start) {
      guard(
          () -> {
            log.flush();
            log.force();
            forced();
            log.startFile(start.name());
          });
    } else if (command instanceof Command.Discard discard) {
      discard(discard);
    } else if (command instanceof Command.Overflow) {
      fail(
          WriterFailure.Kind.QUEUE_OVERFLOW,
          "writer queue: full (expected: the link pauses)",
          null);
    } else {
      return false;
    }
    return true;
  }

  private void append(Command.Append append) {
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

  private void discard(Command.Discard command) {
    guard(
        () -> {
          log.flush();
          log.force();
          forced();
        });
    failure = null;
    overflowed.set(false);
    try {
      String why = command.newEpoch();
      ResumePoint point = why == null ? log.discardIncomplete() : log.beginEpoch(why);
      unsynced = false;
      syncDue = Long.MAX_VALUE;
      markDurable();
      command.done().complete(point);
    } catch (IOException | RuntimeException e) {
      WriterFailure caused = failureOf(e);
      failure = caused;
      log.abandon();
      command.done().completeExceptionally(new WriterFailedException(caused));
    }
  }

  /** The end of a batch: write, publish, force when it is due. */
  private void settle(boolean now) {
    guard(
        () -> {
          log.flush();
          if (log.entersEpoch()) {
            // What made it visible must still be there after a crash.
            log.force();
          }
          publish();
          if (!unsynced && sync.delayNanos() != Long.MAX_VALUE && log.needsForce()) {
            unsynced = true;
            syncDue = System.nanoTime() + sync.delayNanos();
          }
          if (unsynced && (now || System.nanoTime() - syncDue >= 0)) {
            log.force();
            forced();
          }
        });
  }

  private void forced() {
    unsynced = false;
    syncDue = Long.MAX_VALUE;
    Watermark published = log.publish(true);
    if (published != null) {
      tell(() -> listener.onPublished(published));
    }
    markDurable();
  }

  private void markDurable() {
    Watermark now = log.watermark();
    if (now.version() != durable.version()) {
      durable = now;
      tell(() -> listener.onDurable(now));
    }
  }

  private void publish() {
    Watermark published = log.publish(false);
    if (published != null) {
      tell(() -> listener.onPublished(published));
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
    }
  }

  private WriterFailure failureOf(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof BinlogFormatException) {
      return new WriterFailure(WriterFailure.Kind.BAD_EVENT, message, null);
    }
    boolean space = message.contains("No space left") || message.contains("Disk quota exceeded");
    return new WriterFailure(
        space ? WriterFailure.Kind.DISK_FULL : WriterFailure.Kind.IO_ERROR,
        log.place() + ": " + message,
        e);
  }

  private void fail(WriterFailure.Kind kind, String message, @Nullable Throwable cause) {
    if (failure != null) {
      return;
    }
    WriterFailure caused = new WriterFailure(kind, message, cause);
    failure = caused;
    unsynced = false;
    syncDue = Long.MAX_VALUE;
    log.abandon();
    LOGGER
        .atError()
        .addKeyValue("kind", kind)
        .addKeyValue("reason", message)
        .setCause(cause)
        .log("binlog intake stopped");
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
    Command left = queue.poll();
    while (left != null) {
      if (left instanceof Command.Append append) {
        append.bytes().release();
      } else if (left instanceof Command.Discard discard) {
        discard.done().completeExceptionally(new WriterFailedException(closedFailure()));
      }
      left = queue.poll();
    }
  }

  /** Stores what is queued, forces it and ends the thread. Blocks. */
  void close() {
    closed = true;
    queue.add(new Command.Close());
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

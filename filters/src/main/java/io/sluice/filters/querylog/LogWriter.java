package io.sluice.filters.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to a file on a thread of its own. {@link #offer} may be called on any thread and
 * never waits: what finds the queue full is dropped, counted, and told of in the file and in the
 * process's log. After an I/O error it tries to open the file again.
 */
final class LogWriter {

  private static final Logger LOGGER = LoggerFactory.getLogger(LogWriter.class);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long FLUSH_INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final QueryLogSettings settings;
  private final Queue<LogLine> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final Thread thread;

  private volatile boolean closing;
  private volatile boolean reopen;
  private @Nullable BufferedWriter out;
  private long reportedDrops;
  private long lastFlush = System.nanoTime();
  private long retryAt;
  private boolean broken;
  private boolean unflushed;

  LogWriter(String name, QueryLogSettings settings) {
    this.name = name;
    this.settings = settings;
    this.thread = new Thread(this::run, "query-log-" + name);
    this.thread.setDaemon(true);
  }

  /** Opens the file and begins; blocks for the opening. */
  void start() throws IOException {
    open(settings.append());
    thread.start();
  }

  /** Takes a line, or drops it when too many wait. */
  void offer(LogLine line) {
    if (closing || queued.incrementAndGet() > settings.queueSize()) {
      queued.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    queue.add(line);
    LockSupport.unpark(thread);
  }

  /** Opens the file by its name again, after somebody moved it away; soon, not at once. */
  void rotate() {
    reopen = true;
    LockSupport.unpark(thread);
  }

  Path file() {
    return settings.file();
  }

  long written() {
    return written.get();
  }

  long dropped() {
    return dropped.get();
  }

  long errors() {
    return errors.get();
  }

  int waiting() {
    return queued.get();
  }

  /** Writes what waits and ends; blocks for some seconds at most. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing || (!queue.isEmpty() && !broken)) {
        round();
      }
      closeFile();
    } catch (RuntimeException e) {
      closing = true;
      LOGGER.atError().addKeyValue("filter", name).setCause(e).log("query log has ended");
    }
  }

  private void round() {
    try {
      if (reopen) {
        reopen = false;
        closeFile();
        open(true);
      }
      BufferedWriter writer = out;
      if (writer == null) {
        writer = openAgain();
      }
      if (writer == null) {
        LockSupport.parkNanos(this, PAUSE);
        return;
      }
      boolean any = write(writer);
      flush(writer, any);
      if (!any && !closing) {
        LockSupport.parkNanos(this, PAUSE);
      }
    } catch (IOException | UncheckedIOException e) {
      broke(e);
    }
  }

  private boolean write(BufferedWriter writer) throws IOException {
    StringBuilder text = new StringBuilder();
    LogLine line = queue.poll();
    if (line == null) {
      return false;
    }
    long count = 0;
    while (line != null) {
      queued.decrementAndGet();
      line.appendTo(text);
      count++;
      line = text.length() < 64 * 1024 ? queue.poll() : null;
    }
    reportDrops(text);
    writer.append(text);
    written.addAndGet(count);
    return true;
  }

  private void reportDrops(StringBuilder text) {
    long drops = dropped.get();
    if (drops > reportedDrops) {
      text.append("# ").append(drops - reportedDrops).append(" lines were dropped\n");
      LOGGER
          .atWarn()
          .addKeyValue("filter", name)
          .addKeyValue("dropped", drops - reportedDrops)
          .log("query log lines were dropped");
      reportedDrops = drops;
    }
  }

  private void flush(BufferedWriter writer, boolean any) throws IOException {
    unflushed |= any;
    long now = System.nanoTime();
    if (unflushed && (settings.flush() || closing || now - lastFlush > FLUSH_INTERVAL)) {
      writer.flush();
      unflushed = false;
      lastFlush = now;
    }
  }

  private void broke(Exception cause) {
    errors.incrementAndGet();
    if (!broken) {
      broken = true;
      LOGGER
          .atError()
          .addKeyValue("filter", name)
          .addKeyValue("file", settings.file())
          .addKeyValue("error", cause.toString())
          .log("query log cannot be written; trying again");
    }
    closeFile();
    retryAt = System.nanoTime() + RETRY_INTERVAL;
  }

  private @Nullable BufferedWriter openAgain() throws IOException {
    if (System.nanoTime() - retryAt < 0) {
      return null;
    }
    open(true);
    broken = false;
    LOGGER.atInfo().addKeyValue("filter", name).log("query log is written again");
    return out;
  }

  private void open(boolean append) throws IOException {
    Path file = settings.file();
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
    SeekableByteChannel channel = FileChannel.open(file, options, ownerOnly());
    boolean fresh = channel.size() == 0;
    // A statement that was cut may end with half a character.
    CharsetEncoder encoder = UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
    BufferedWriter writer = new BufferedWriter(Channels.newWriter(channel, encoder, 64 * 1024));
    if (fresh) {
      writer.append(LogLine.HEADER);
      writer.flush();
    }
    out = writer;
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private void closeFile() {
    BufferedWriter writer = out;
    out = null;
    if (writer != null) {
      try {
        writer.close();
      } catch (IOException e) {
        LOGGER
            .atDebug()
            .addKeyValue("filter", name)
            .addKeyValue("error", e.toString())
            .log("query log file could not be closed");
      }
    }
  }
}

package io.sluice.mysql.tls;

import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.context.ModuleContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is made out of files and made anew when they change. What cannot be made keeps
 * what was there, and says so once. A change is taken when the files have stood still from one look
 * to the next, so that a certificate is not read without its key. Thread-safe.
 *
 * @param <T> what is made; immutable
 */
public final class FileWatch<T> implements AutoCloseable {

  /**
   * Makes it.
   *
   * @param <T> what is made
   */
  @FunctionalInterface
  public interface Maker<T> {

    /** Out of the contents of all files; whatever it throws means that they cannot be used. */
    T make(Contents files) throws IOException, GeneralSecurityException;
  }

  /** What the files held at one time. Immutable. */
  public static final class Contents {
    private final Map<Path, ByteBuffer> bytes;
    private final String failure;

    private Contents(Map<Path, ByteBuffer> bytes, String failure) {
      this.bytes = bytes;
      this.failure = failure;
    }

    /** The bytes of one of the files. */
    public byte[] of(Path file) {
      ByteBuffer content = bytes.get(file);
      if (content == null) {
        throw new IllegalArgumentException(file + " (expected: one of " + bytes.keySet() + ")");
      }
      byte[] copy = new byte[content.remaining()];
      content.duplicate().get(copy);
      return copy;
    }

    private boolean isSame(Contents other) {
      return bytes.equals(other.bytes) && failure.equals(other.failure);
    }
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(FileWatch.class);
  private static final int MAX_FILE = 4 * 1024 * 1024;

  private final String owner;
  private final List<Path> files;
  private final Maker<T> maker;
  private volatile T current;
  private volatile @Nullable String problem;
  private Contents tried;
  private Contents seen;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * Reads the files and makes it for the first time. Blocks.
   *
   * @param owner for the log
   * @throws IOException if a file cannot be read
   * @throws GeneralSecurityException if they cannot be used
   */
  public FileWatch(String owner, List<Path> files, Maker<T> maker)
      throws IOException, GeneralSecurityException {
    this.owner = owner;
    this.files = List.copyOf(files);
    this.maker = maker;
    this.tried = read();
    this.seen = tried;
    this.current = make(tried);
  }

  /** Begins to look at the files at that pace; zero never looks. */
  public void start(ModuleContext context, Duration interval) {
    if (files.isEmpty() || interval.isZero()) {
      return;
    }
    timer =
        context
            .eventLoops()
            .next()
            .scheduleWithFixedDelay(
                () -> lookElsewhere(context),
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void lookElsewhere(ModuleContext context) {
    try {
      context.blockingExecutor().execute(this::look);
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().addKeyValue("of", owner).log("files are not looked at while stopping");
    }
  }

  /** Looks at the files once. Blocks. */
  synchronized void look() {
    Contents now = read();
    if (now.isSame(tried)) {
      seen = now;
      return;
    }
    if (!now.isSame(seen)) {
      seen = now;
      return;
    }
    tried = now;
    try {
      current = make(now);
      problem = null;
      LOGGER.atInfo().addKeyValue("of", owner).addKeyValue("files", files).log("TLS files loaded");
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      problem = e.getMessage() == null ? e.toString() : e.getMessage();
      LOGGER
          .atWarn()
          .addKeyValue("of", owner)
          .addKeyValue("files", files)
          .addKeyValue("cause", problem)
          .log("changed TLS files cannot be used, those of before stay in use");
    }
  }

  private T make(Contents contents) throws IOException, GeneralSecurityException {
    if (!contents.failure.isEmpty()) {
      throw new IOException(contents.failure);
    }
    return maker.make(contents);
  }

  private Contents read() {
    Map<Path, ByteBuffer> bytes = new LinkedHashMap<>();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] content = in.readNBytes(MAX_FILE + 1);
        if (content.length > MAX_FILE) {
          return new Contents(Map.of(), file + ": larger than " + MAX_FILE + " bytes");
        }
        bytes.put(file, ByteBuffer.wrap(content));
      } catch (IOException e) {
        return new Contents(Map.of(), file + ": " + e.getClass().getSimpleName());
      }
    }
    return new Contents(bytes, "");
  }

  /** What was made last. */
  public T current() {
    return current;
  }

  /** Why the files as they are now are not in use; empty when they are. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Stops looking. */
  @Override
  public void close() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }
}

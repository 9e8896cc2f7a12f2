package io.sluice.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory of the kernel that a file of zeros keeps, until it is let go of for whoever writes next. A
 * virtual machine may have given its free memory back to its host: then the first use of each page
 * costs many times what writing to it costs, and that would be measured.
 */
public final class HeldMemory implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  private final Path file;

  private HeldMemory(Path file) {
    this.file = file;
  }

  /** Takes so much; the folder, made if it is not there, is on the disk that will be written to. */
  public static HeldMemory take(Path folder, long bytes) {
    Path file = folder.resolve("held-memory");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE);
      for (long at = 0; at < bytes; at += PIECE) {
        channel.write(zeros.clear());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HeldMemory(file);
  }

  /** Lets go of it; more than once does no harm. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.sluice.binlog.store;

import com.github.luben.zstd.Zstd;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * In what form closed files are kept, and where. Immutable.
 *
 * @param compression how they are compressed
 * @param level how hard
 * @param rate bytes per second that compressing and archiving may take; 0 for any number
 * @param archive where they go; null if they stay
 * @param archiveAfter how long after they were closed
 */
public record FormOptions(
    Compression compression, int level, long rate, @Nullable Path archive, Duration archiveAfter) {
  /** What zstd itself takes if it is not told. */
  public static final int DEFAULT_LEVEL = 3;

  /** All stays as the master sent it. */
  public static final FormOptions NONE =
      new FormOptions(Compression.NONE, DEFAULT_LEVEL, 0, null, Duration.ZERO);

  /** Checks the values. */
  public FormOptions {
    if (level < 1 || level > Zstd.maxCompressionLevel()) {
      throw new IllegalArgumentException(
          "compression-level: " + level + " (expected: 1 to " + Zstd.maxCompressionLevel() + ")");
    }
    if (rate < 0 || archiveAfter.isNegative()) {
      throw new IllegalArgumentException(
          "compression-rate: "
              + rate
              + ", archive-after: "
              + archiveAfter
              + " (expected: at least 0)");
    }
  }

  /** The same with another compression. */
  public FormOptions withCompression(Compression kind) {
    return new FormOptions(kind, level, rate, archive, archiveAfter);
  }

  /** The same with another rate. */
  public FormOptions withRate(long bytesPerSecond) {
    return new FormOptions(compression, level, bytesPerSecond, archive, archiveAfter);
  }

  /** The same with an archive. */
  public FormOptions withArchive(Path directory, Duration after) {
    return new FormOptions(compression, level, rate, directory, after);
  }
}

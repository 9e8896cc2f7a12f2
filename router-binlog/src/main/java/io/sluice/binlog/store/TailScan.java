package io.sluice.binlog.store;

import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.FormatDescription;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks a file from its beginning with all checks and finds its last whole transaction. Confined to
 * one thread, blocks.
 */
final class TailScan {
  /** Distance between places that are remembered, at least. */
  static final int SPACING = 16 << 20;

  private final FileCatalog catalog;
  private final BinlogFileId file;
  private long safeEnd;
  private int behind;
  private @Nullable FileFollower kept;
  private long keptAt;

  private TailScan(FileCatalog catalog, BinlogFileId file) {
    this.catalog = catalog;
    this.file = file;
  }

  /**
   * Walks a file.
   *
   * @param size bytes of it
   * @param index gets places where streams may begin
   * @return null if its head is not complete
   */
  static @Nullable RecoveredTail run(
      FileCatalog catalog, BinlogFileId file, long size, FileIndex index) throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(4);
    if (catalog.read(file, 0, magic) < 4 || !BinlogFileFormat.hasMagic(magic.array())) {
      return null;
    }
    TailScan scan = new TailScan(catalog, file);
    FileFollower follower = new FileFollower();
    follower.startFile();
    String reason = scan.walk(BinlogFileFormat.FIRST_EVENT, size, true, follower, index);
    long end = scan.safeEnd;
    if (end == 0) {
      return null;
    }
    if (end == size) {
      return new RecoveredTail(file, follower, size, size, 0, "");
    }
    String why = reason.isEmpty() ? "transaction is incomplete" : reason;
    return new RecoveredTail(file, scan.followerAt(end), end, size, scan.behind, why);
  }

  /** Follows the file again up to where it is cut: an open group has left no trace then. */
  private FileFollower followerAt(long end) throws IOException {
    FileFollower follower = kept;
    long from = keptAt;
    if (follower == null) {
      follower = new FileFollower();
      follower.startFile();
      from = BinlogFileFormat.FIRST_EVENT;
    }
    new TailScan(catalog, file).walk(from, end, false, follower, new FileIndex());
    return follower;
  }

  /** Walks up to the end or to what is wrong, and tells what that is. */
  private String walk(long from, long end, boolean verify, FileFollower follower, FileIndex index)
      throws IOException {
    FileScanner scan =
        new FileScanner(
            (position, target) -> catalog.read(file, position, target), from, end, verify);
    long wanted = index.nextWanted();
    try {
      while (scan.next()) {
        boolean safe =
            follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
        FormatDescription format = follower.format();
        scan.checksums(format != null && format.hasChecksums());
        behind++;
        if (safe) {
          safeEnd = scan.nextPosition();
          behind = 0;
          if (safeEnd >= wanted) {
            wanted = index.offer(safeEnd, follower);
          }
          if (safeEnd - keptAt >= SPACING) {
            kept = follower.copy();
            keptAt = safeEnd;
          }
        }
      }
      return scan.stopReason();
    } catch (BinlogFormatException e) {
      return String.valueOf(e.getMessage());
    }
  }
}

package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and searches in files, with what was learned from them in memory. Any thread; blocks. */
final class FileCatalog implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileCatalog.class);

  private final Path directory;
  private final ReadChannels channels;
  private final Map<BinlogFileId, FileHead> heads = new ConcurrentHashMap<>();
  private final Sidecars sidecars;

  FileCatalog(Disk disk, Path directory) {
    this.directory = directory;
    this.channels = new ReadChannels(disk);
    this.sidecars =
        new Sidecars(disk, this::path, this::read, String.valueOf(directory.getFileName()));
  }

  /** The indexes of the files. */
  Sidecars sidecars() {
    return sidecars;
  }

  /** Where the store is. */
  Path directory() {
    return directory;
  }

  /** Where an epoch's files are. */
  Path epochDirectory(int epoch) {
    return StoreFolder.epochDirectory(directory, epoch);
  }

  /** Where a file is. */
  Path path(BinlogFileId file) {
    return epochDirectory(file.epoch()).resolve(file.name());
  }

  /** Reads bytes with the in-use flag cleared. */
  int read(BinlogFileId file, long position, ByteBuffer target) throws IOException {
    int start = target.position();
    int got = channels.read(path(file), position, target);
    long flag = BinlogFileFormat.IN_USE_OFFSET - position;
    if (flag >= 0 && flag < got) {
      int at = start + (int) flag;
      target.put(at, (byte) (target.get(at) & ~EventHeader.FLAG_IN_USE));
    }
    return got;
  }

  /** The sparse index of a file that is being written, empty at first. */
  FileIndex index(BinlogFileId file) {
    return sidecars.growing(file);
  }

  /** The last indexed place of a closed file, the place of the first event if there is no index. */
  long lastKnown(BinlogFileId file, long size) {
    try {
      return sidecars.index(file, size, ScanMeter.uncounted()).floor(size).position();
    } catch (IOException e) {
      LOGGER.atDebug().addKeyValue("file", file).setCause(e).log("no index for this file");
      return BinlogFileFormat.FIRST_EVENT;
    }
  }

  /** Forgets what was learned about a file, because it is removed or cut. */
  void forget(BinlogFileId file) throws IOException {
    heads.remove(file);
    sidecars.forget(file);
    channels.forget(path(file));
  }

  /** The first events of a file whose head is visible. */
  FileHead head(BinlogFileId file, long visibleEnd) throws IOException {
    return head(file, visibleEnd, ScanMeter.uncounted());
  }

  /** The same, counted if it has to be read. */
  FileHead head(BinlogFileId file, long visibleEnd, ScanMeter.Scan counter) throws IOException {
    FileHead known = heads.get(file);
    if (known != null) {
      return known;
    }
    FileHead head = readHead(file, visibleEnd, counter);
    heads.put(file, head);
    return head;
  }

  /** Reads of a file that are counted. */
  FileScanner.Source source(BinlogFileId file, ScanMeter.Scan counter) {
    return (position, target) -> {
      int got = read(file, position, target);
      counter.add(Math.max(0, got));
      return got;
    };
  }

  private FileHead readHead(BinlogFileId file, long visibleEnd, ScanMeter.Scan counter)
      throws IOException {
    FileScanner scan = FileScanner.ofHead(source(file, counter), visibleEnd);
    FormatDescription format = null;
    GtidState state = null;
    long headEnd = BinlogFileFormat.FIRST_EVENT;
    try {
      while (scan.next()) {
        EventType type = EventHeader.type(scan.window(), scan.index());
        if (format == null) {
          format = FormatDescription.decode(scan.window(), scan.index(), scan.length());
          scan.checksums(format.hasChecksums());
        } else {
          state = format.stateIn(scan.window(), scan.index(), scan.length());
          if (state == null && type != EventType.START_ENCRYPTION) {
            break;
          }
        }
        headEnd = scan.nextPosition();
        if (state != null) {
          break;
        }
      }
    } catch (BinlogFormatException e) {
      throw new IOException("binlog file: " + path(file) + ": " + e.getMessage(), e);
    }
    if (format == null) {
      throw new IOException(
          "binlog file: " + path(file) + " (expected: FORMAT_DESCRIPTION): " + scan.stopReason());
    }
    return new FileHead(format, state, headEnd);
  }

  /**
   * The GTID state at a position of a file, found through the sparse index.
   *
   * @return null if the position is not an event boundary
   */
  @Nullable GtidState stateAt(
      BinlogFileId file, long position, long visibleEnd, ScanMeter.Scan counter)
      throws IOException {
    if (position < BinlogFileFormat.FIRST_EVENT || position > visibleEnd) {
      return null;
    }
    FileHead head = head(file, visibleEnd, counter);
    FileIndex.Entry entry = sidecars.index(file, visibleEnd, counter).floor(position);
    FileFollower follower = new FileFollower();
    follower.startFile();
    if (entry.position() > BinlogFileFormat.FIRST_EVENT) {
      follower.resume(head.format(), entry.state(), 0);
    }
    FileScanner scan = new FileScanner(source(file, counter), entry.position(), visibleEnd, false);
    try {
      while (scan.nextPosition() < position && scan.next()) {
        follower.onEvent(scan.window(), scan.index(), scan.available(), scan.length());
      }
    } catch (BinlogFormatException e) {
      throw new IOException("binlog file: " + path(file) + ": " + e.getMessage(), e);
    }
    if (!scan.stopReason().isEmpty()) {
      throw new IOException("binlog file: " + path(file) + ": " + scan.stopReason());
    }
    if (scan.nextPosition() != position) {
      return null;
    }
    return position <= head.end() && head.state() != null
        ? head.state()
        : follower.stateWithOpenGroup();
  }

  @Override
  public void close() throws IOException {
    sidecars.close();
    channels.close();
  }
}

package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.form.FrameCache;
import io.sluice.binlog.form.PlainBytes;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.form.StoredBytes;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.form.ZstdSeekableBytes;
import io.sluice.binlog.gtid.GtidState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one file as the master wrote them, with the in-use flag cleared, whatever form they
 * are kept in. Stays readable when the file is packed, moved or removed. For one thread; blocks.
 */
public final class OpenedFile implements Closeable {
  private static final long CACHE = 2 << 20;

  private final ViewedFile file;
  private final StoredBytes bytes;
  private final boolean unended;

  private OpenedFile(ViewedFile file, StoredBytes bytes, boolean unended) {
    this.file = file;
    this.bytes = bytes;
    this.unended = unended;
  }

  static OpenedFile open(Disk disk, SealedFiles sealed, ViewedFile file) throws IOException {
    boolean unended = file.form() == StoredForm.SEALED && sealed.closedSize(file.path()) < 0;
    return new OpenedFile(
        file,
        switch (file.form()) {
          case PLAIN -> new PlainBytes(disk.open(file.path(), Disk.Mode.READ));
          case ZSTD ->
              ZstdSeekableBytes.open(
                  disk.open(file.path(), Disk.Mode.READ),
                  file.path().toString(),
                  new FrameCache(CACHE));
          case SEALED -> unended ? sealed.openBeginning(file.path()) : sealed.open(file.path());
        },
        unended);
  }

  /** Tells whether it should say where it ends and does not: only the one that grows may. */
  boolean isUnended() {
    return unended;
  }

  /** Where it was found. */
  public ViewedFile file() {
    return file;
  }

  /** Bytes of the master's file that are here now. */
  public long size() throws IOException {
    return bytes.size();
  }

  /** Reads until the target is full or the file ends. */
  public int read(long position, ByteBuffer target) throws IOException {
    int start = target.position();
    int got = bytes.read(target, position);
    long flag = BinlogFileFormat.IN_USE_OFFSET - position;
    if (flag >= 0 && flag < got) {
      int at = start + (int) flag;
      target.put(at, (byte) (target.get(at) & ~EventHeader.FLAG_IN_USE));
    }
    return got;
  }

  /** Tells whether the file begins with the magic. */
  public boolean hasMagic() throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(BinlogFileFormat.FIRST_EVENT);
    return read(0, magic) == BinlogFileFormat.FIRST_EVENT
        && BinlogFileFormat.hasMagic(magic.array());
  }

  /**
   * Makes a sidecar from the bytes, with all checks of each event.
   *
   * @throws IOException if the bytes cannot be read or an event is not right
   */
  public Sidecar index(long size) throws IOException {
    return FileIndexer.verifying(this::read, size).run();
  }

  /** Walks all events up to an end, with all checks. */
  public FileWalk walk(long end) {
    FileFollower follower = new FileFollower();
    follower.startFile();
    return new FileWalk(
        new FileScanner(this::read, BinlogFileFormat.FIRST_EVENT, end, true), follower);
  }

  /**
   * Walks the events from the last place on that the index knows, up to which all states are
   * allowed.
   *
   * @param index that of this file
   */
  public FileWalk walk(long end, FileIndex index, Predicate<GtidState> allowed) throws IOException {
    FileIndex.Entry place = index.newest(end, allowed);
    FormatDescription format = place == null ? null : format();
    if (place == null || format == null) {
      return walk(end);
    }
    FileFollower follower = new FileFollower();
    follower.startFile();
    follower.resume(format, place.state(), 0);
    FileScanner scan = new FileScanner(this::read, place.position(), end, true);
    scan.checksums(format.hasChecksums());
    return new FileWalk(scan, follower);
  }

  /** The first event, null if the file does not begin with it. */
  public @Nullable FormatDescription format() throws IOException {
    FileWalk walk = walk(size());
    return walk.next() ? walk.format() : null;
  }

  /** Tells whether an event begins at a position: by length, end position and checksum. */
  public boolean isEvent(long position, FormatDescription format) throws IOException {
    FileScanner scan = new FileScanner(this::read, position, size(), true);
    scan.checksums(format.hasChecksums());
    return scan.next();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}

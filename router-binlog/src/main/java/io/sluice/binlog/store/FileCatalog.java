package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.form.StoredForms;
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

  private final Disk disk;
  private final Path directory;
  private final FilePlaces places;
  private final StoredForms forms;
  private final ReadChannels channels;
  private final Map<BinlogFileId, FileHead> heads = new ConcurrentHashMap<>();
  private final Sidecars sidecars;
  private final Object changes = new Object();

  FileCatalog(Disk disk, Path directory) {
    this(disk, directory, null, EncryptionOptions.NONE);
  }

  /**
   * Makes a catalog of files that are not known yet.
   *
   * @param archive the second folder, null if there is none
   * @param encryption with which keys files are sealed and opened
   */
  FileCatalog(Disk disk, Path directory, @Nullable Path archive, EncryptionOptions encryption) {
    this.disk = disk;
    this.directory = directory;
    this.places = new FilePlaces(directory, archive);
    this.forms = new StoredForms(disk, encryption.keys(), encryption.keyId());
    this.channels = new ReadChannels(forms);
    this.sidecars =
        new Sidecars(
            disk,
            forms.smallFiles(),
            places::home,
            new IndexSource(),
            String.valueOf(directory.getFileName()));
  }

  /** What indexes are made from. */
  private final class IndexSource implements Sidecars.Reader {
    @Override
    public int read(BinlogFileId file, long position, ByteBuffer target) throws IOException {
      return FileCatalog.this.read(file, position, target);
    }

    @Override
    public boolean has(BinlogFileId file) {
      return FileCatalog.this.has(file);
    }

    @Override
    public boolean isArchived(BinlogFileId file) {
      return places.of(file).archived();
    }
  }

  /** The indexes of the files. */
  Sidecars sidecars() {
    return sidecars;
  }

  /** Where the store is. */
  Path directory() {
    return directory;
  }

  /** Reads and makes files in every form. */
  StoredForms forms() {
    return forms;
  }

  /** Where the files are. */
  FilePlaces places() {
    return places;
  }

  /** Held by who removes a file's bytes or replaces them. */
  Object changes() {
    return changes;
  }

  /** Where an epoch's files are, or what tells where they are. */
  Path epochDirectory(int epoch) {
    return places.epochDirectory(epoch);
  }

  /** Where the plain file is or would be; sidecars and the like are beside it. */
  Path home(BinlogFileId file) {
    return places.home(file);
  }

  /** Where a file is. */
  Path path(BinlogFileId file) {
    return places.path(file);
  }

  /** Tells whether the store has the bytes of a file, or knows that the archive has them. */
  boolean has(BinlogFileId file) {
    return places.of(file).archived() || disk.exists(path(file));
  }

  /**
   * Bytes that a file takes on the disk, in the archive too; also while that is out of reach.
   *
   * @param otherwise the answer if that is not known, since the file is just moved or removed
   */
  long diskBytes(BinlogFileId file, long otherwise) {
    FilePlace place = places.of(file);
    try {
      return place.archived() ? Math.max(0, place.diskSize()) : disk.size(path(file));
    } catch (IOException e) {
      LOGGER.atDebug().addKeyValue("file", file).setCause(e).log("no size on disk");
      return otherwise;
    }
  }

  /** Bytes of a file of the log that does not grow, by what is on the disk. */
  long storedSize(BinlogFileId file) throws IOException {
    FilePlace place = places.of(file);
    return channels.size(places.locate(file, place), place.form());
  }

  /** From now on a file is read at another place; who reads it at the old one goes on. */
  void moved(BinlogFileId file, FilePlace place) throws IOException {
    Path before = places.path(file);
    places.put(file, place);
    channels.forget(before);
  }

  /** Reads bytes with the in-use flag cleared. */
  int read(BinlogFileId file, long position, ByteBuffer target) throws IOException {
    int start = target.position();
    int got = readPlace(file, position, target);
    long flag = BinlogFileFormat.IN_USE_OFFSET - position;
    if (flag >= 0 && flag < got) {
      int at = start + (int) flag;
      target.put(at, (byte) (target.get(at) & ~EventHeader.FLAG_IN_USE));
    }
    return got;
  }

  /** Tells whether reading these bytes now is a copy of memory; of a plain file that is here. */
  boolean isInMemory(BinlogFileId file, long position, long length) {
    try {
      return places.of(file).equals(FilePlace.PLAIN)
          && channels.isInMemory(places.local(file, StoredForm.PLAIN), position, length);
    } catch (IOException e) {
      // Who reads it hears why.
      return false;
    }
  }

  /** Reads where the file is; once more if it went somewhere else meanwhile. */
  private int readPlace(BinlogFileId file, long position, ByteBuffer target) throws IOException {
    int start = target.position();
    FilePlace place = places.of(file);
    while (true) {
      Path path = places.locate(file, place);
      try {
        return channels.read(path, place.form(), position, target);
      } catch (IOException e) {
        FilePlace now = places.of(file);
        if (now.equals(place)) {
          throw place.archived() ? outOfReach(file, path, e) : e;
        }
        place = now;
        target.position(start);
      }
    }
  }

  /** The share may come back as another one: then nothing that was open is of any use. */
  private IOException outOfReach(BinlogFileId file, Path path, IOException cause)
      throws IOException {
    channels.forget(path);
    return new IOException(
        "binlog file: "
            + file
            + " is archived as "
            + path
            + " and cannot be read: "
            + cause
            + " (expected: archive-dir is mounted)",
        cause);
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
    FileHead head =
        places.of(file).archived()
            ? headOfArchived(file)
            : readHead(file, source(file, counter), visibleEnd);
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

  /** The archive may be out of reach: what a file begins with is kept here. */
  private FileHead headOfArchived(BinlogFileId file) throws IOException {
    ByteBuffer head =
        ByteBuffer.wrap(
            ArchiveStub.read(disk, forms.smallFiles(), ArchiveStub.path(home(file))).head());
    return readHead(
        file,
        (position, target) -> {
          int length = (int) Math.max(0, Math.min(target.remaining(), head.limit() - position));
          target.put(target.position(), head, (int) Math.min(position, head.limit()), length);
          target.position(target.position() + length);
          return length;
        },
        head.limit());
  }

  private FileHead readHead(BinlogFileId file, FileScanner.Source source, long visibleEnd)
      throws IOException {
    FileScanner scan = FileScanner.ofHead(source, visibleEnd);
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

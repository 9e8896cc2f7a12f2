package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.form.DamagedFileException;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.MissingKeyException;
import io.sluice.binlog.form.SealedBlob;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A store's directory as somebody sees it who only reads it, and who may be another process than
 * the one that writes it: files grow, are packed, moved and removed meanwhile. Never writes. Any
 * thread; everything blocks.
 */
public final class StoreView {
  private static final int MAX_MOVES = 10;
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int MAX_SMALL_FILE = 64 << 20;

  private final Disk disk;
  private final SealedFiles sealed;
  private final SealedBlob smallFiles;
  private final Path directory;
  private final @Nullable Path archive;

  /** Looks at a directory, without keys and without an archive. */
  public StoreView(Disk disk, Path directory) {
    this(disk, directory, null, KeyRing.none());
  }

  /**
   * Looks at a directory.
   *
   * @param archive where archived files are, null if that is not known
   * @param keys for what is sealed
   */
  public StoreView(Disk disk, Path directory, @Nullable Path archive, KeyRing keys) {
    this.archive = archive;
    this.disk = disk;
    this.sealed = new SealedFiles(disk, keys);
    this.smallFiles = new SealedBlob(keys, 0);
    this.directory = directory;
  }

  /** The directory. */
  public Path directory() {
    return directory;
  }

  /**
   * The files that are there now, oldest first.
   *
   * @throws IOException if the directory is none of a store
   */
  public List<ViewedFile> files() throws IOException {
    List<ViewedFile> files = list();
    // A file that changes its form while its folder is read may be in neither.
    for (int i = 0; i < MAX_MOVES && hasGap(files); i++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      files = list();
    }
    return files;
  }

  private static boolean hasGap(List<ViewedFile> files) {
    for (int i = 1; i < files.size(); i++) {
      BinlogFileId before = files.get(i - 1).id();
      BinlogFileId file = files.get(i).id();
      if (file.epoch() == before.epoch() && file.number() > before.number() + 1) {
        return true;
      }
    }
    return false;
  }

  private List<ViewedFile> list() throws IOException {
    if (!disk.isDirectory(directory)) {
      throw new IOException("store: " + directory + " (expected: a directory)");
    }
    List<ViewedFile> all = new ArrayList<>();
    for (Path entry : disk.list(directory)) {
      String name = String.valueOf(entry.getFileName());
      if (name.matches("[0-9]{4}") && !name.equals("0000") && disk.isDirectory(entry)) {
        all.addAll(epoch(Integer.parseInt(name), entry));
      }
    }
    all.sort((a, b) -> a.id().compareTo(b.id()));
    return all;
  }

  /** The files of the log whose name most files have: others are foreign. */
  private List<ViewedFile> epoch(int epoch, Path folder) throws IOException {
    Map<String, Map<String, ViewedFile>> byBase = new HashMap<>();
    for (Path entry : disk.list(folder)) {
      ViewedFile file = look(epoch, entry);
      if (file != null) {
        byBase
            .computeIfAbsent(BinlogFileFormat.base(file.id().name()), base -> new TreeMap<>())
            .merge(file.id().name(), file, ViewedFile::first);
      }
    }
    Map<String, ViewedFile> own = Map.of();
    for (Map<String, ViewedFile> candidate : byBase.values()) {
      if (candidate.size() > own.size()) {
        own = candidate;
      }
    }
    return new ArrayList<>(own.values());
  }

  private @Nullable ViewedFile look(int epoch, Path entry) throws IOException {
    String name = ArchiveStub.owner(String.valueOf(entry.getFileName()));
    if (name == null) {
      return ViewedFile.of(disk, epoch, entry);
    }
    BinlogFileId id = new BinlogFileId(epoch, name);
    try {
      FilePlace place = ArchiveStub.read(disk, smallFiles, entry).place();
      Path path = archive == null ? entry : FilePlaces.inArchive(archive, id, place.form());
      return new ViewedFile(id, path, place.form(), true, place.diskSize(), "");
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return new ViewedFile(id, entry, StoredForm.PLAIN, true, 0, String.valueOf(e.getMessage()));
    }
  }

  /** A file as it is now; null if it is not there any more. */
  public @Nullable ViewedFile find(BinlogFileId id) throws IOException {
    for (ViewedFile file : files()) {
      if (file.id().equals(id)) {
        return file;
      }
    }
    return null;
  }

  /**
   * Opens a file, which is looked up again if it was packed or moved since it was listed.
   *
   * @throws NoSuchFileException if it is not there any more
   * @throws DamagedFileException if it is not the newest and has lost its end
   */
  public OpenedFile open(ViewedFile listed) throws IOException {
    ViewedFile file = listed;
    for (int moves = 0; true; moves++) {
      if (!file.problem().isEmpty()) {
        throw new IOException("binlog file: " + file.id() + " is archived: " + file.problem());
      }
      if (file.archived() && archive == null) {
        throw new IOException(
            "binlog file: " + file.id() + " is archived (expected: archive-dir is known)");
      }
      try {
        OpenedFile opened = OpenedFile.open(disk, sealed, file);
        if (!opened.isUnended() || isNewest(file)) {
          return opened;
        }
        opened.close();
        // It may have been closed just now.
        if (sealed.closedSize(file.path()) < 0) {
          throw new DamagedFileException(file.path(), "it has lost its end (expected: an END)");
        }
      } catch (NoSuchFileException e) {
        ViewedFile now = find(file.id());
        if (now == null || moves > MAX_MOVES) {
          throw e;
        }
        if (now.equals(file) && file.archived()) {
          throw new IOException(
              "binlog file: " + file.path() + " is not there (expected: the archive is mounted)",
              e);
        }
        file = now;
      }
    }
  }

  private boolean isNewest(ViewedFile file) throws IOException {
    List<ViewedFile> now = files();
    return now.isEmpty() || now.get(now.size() - 1).id().compareTo(file.id()) <= 0;
  }

  /** Tells whether a file has a sidecar, whatever is in it. */
  public boolean hasSidecar(BinlogFileId file) {
    return disk.exists(sidecarPath(file));
  }

  /**
   * The sidecar of a file, not compared with the file; null if there is none of this version that
   * can be opened.
   */
  public @Nullable Sidecar sidecar(BinlogFileId file) throws IOException {
    try {
      Path path = sidecarPath(file);
      return Sidecar.decode(smallFiles.open(path, WholeFile.read(disk, path, MAX_SMALL_FILE)));
    } catch (NoSuchFileException | DamagedFileException | MissingKeyException e) {
      return null;
    }
  }

  private Path sidecarPath(BinlogFileId file) {
    return Sidecar.path(
        directory.resolve(String.format("%04d", file.epoch())).resolve(file.name()));
  }

  /**
   * Tells whether a file begins at or before the end of an epoch, so that a stream can cross over.
   *
   * @param start GTID state at the start of the file, null if it does not tell
   */
  public boolean joins(GtidState end, FormatDescription format, @Nullable GtidState start)
      throws IOException {
    FileHead head = new FileHead(format, start, BinlogFileFormat.FIRST_EVENT);
    boolean plain = end.family() == format.family() && EpochBorder.joins(end, head);
    return plain
        || (end instanceof MySqlGtidSet set
            && !format.isMariaDb()
            && EpochBorder.joins(set.union(absent()), head));
  }

  /** MySQL: what belongs to the history and never stood in a file. */
  public MySqlGtidSet absent() throws IOException {
    Path file = directory.resolve(FileBinlogStore.METADATA);
    Properties values = new Properties();
    try {
      byte[] bytes = smallFiles.open(file, WholeFile.read(disk, file, MAX_SMALL_FILE));
      values.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
      String absent = values.getProperty(PurgedState.ABSENT);
      return absent == null ? MySqlGtidSet.EMPTY : MySqlGtidSet.parse(absent);
    } catch (NoSuchFileException e) {
      return MySqlGtidSet.EMPTY;
    } catch (IllegalArgumentException | GtidFormatException e) {
      throw new IOException("store metadata: " + file + ": " + e.getMessage(), e);
    }
  }

  /** Tells whether a process has the store open for writing. */
  public boolean isInUse() throws IOException {
    Path file = directory.resolve(StoreFolder.LOCK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}

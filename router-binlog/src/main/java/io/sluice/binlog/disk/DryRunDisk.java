package io.sluice.binlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Another disk as it would be after some work: changes stay in memory and are listed. For small
 * changes of large files. One thread.
 */
public final class DryRunDisk implements Disk {
  private final Disk real;
  private final Map<Path, ChangedFile> changed = new HashMap<>();
  private final Set<Path> removed = new HashSet<>();
  private final Set<Path> folders = new HashSet<>();
  private final List<String> changes = new ArrayList<>();

  /** Covers a disk. */
  public DryRunDisk(Disk real) {
    this.real = real;
  }

  /** What was done, in order: complete sentences without a full stop. */
  public List<String> changes() {
    return new ArrayList<>(changes);
  }

  void note(String change) {
    changes.add(change);
  }

  private boolean isReal(Path path) {
    return !removed.contains(path) && !changed.containsKey(path);
  }

  @Override
  public DiskFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.CREATE_NEW || mode == Mode.CREATE_PRIVATE) {
      if (exists(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      ChangedFile file = new ChangedFile(this, path, null);
      changed.put(path, file);
      removed.remove(path);
      note("create " + path);
      return file;
    }
    ChangedFile known = changed.get(path);
    if (known != null) {
      return known;
    }
    requireThere(path);
    if (mode == Mode.READ) {
      return real.open(path, mode);
    }
    ChangedFile file = new ChangedFile(this, path, real);
    changed.put(path, file);
    return file;
  }

  private void requireThere(Path path) throws IOException {
    if (!exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public boolean exists(Path path) {
    return changed.containsKey(path)
        || folders.contains(path)
        || (!removed.contains(path) && real.exists(path));
  }

  @Override
  public boolean isRegularFile(Path path) {
    return changed.containsKey(path) || (!removed.contains(path) && real.isRegularFile(path));
  }

  @Override
  public boolean isDirectory(Path path) {
    return folders.contains(path) || (isReal(path) && real.isDirectory(path));
  }

  @Override
  public long size(Path path) throws IOException {
    ChangedFile known = changed.get(path);
    if (known != null) {
      return known.size();
    }
    requireThere(path);
    return real.size(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    if (real.isDirectory(directory)) {
      for (Path entry : real.list(directory)) {
        if (isReal(entry)) {
          all.add(entry);
        }
      }
    }
    for (Path entry : changed.keySet()) {
      if (directory.equals(entry.getParent())) {
        all.add(entry);
      }
    }
    return all;
  }

  @Override
  public Instant lastModified(Path path) throws IOException {
    return changed.containsKey(path) ? Instant.now() : real.lastModified(path);
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    return real.usableBytes(directory);
  }

  @Override
  public void createDirectories(Path directory) {
    if (!exists(directory)) {
      folders.add(directory);
      removed.remove(directory);
      note("create folder " + directory);
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    requireThere(path);
    boolean folder = isDirectory(path);
    if (folder && !list(path).isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    note(folder ? "remove folder " + path : "remove " + path + ", " + size(path) + " bytes");
    changed.remove(path);
    folders.remove(path);
    removed.add(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    requireThere(from);
    ChangedFile file = changed.remove(from);
    changed.put(to, file == null ? new ChangedFile(this, from, real) : file);
    removed.add(from);
    removed.remove(to);
    note("rename " + from + " to " + to.getFileName());
  }

  @Override
  public void syncDirectory(Path directory) {
    // Nothing was changed.
  }

  @Override
  public Closeable tryLock(Path file) {
    return () -> {};
  }
}

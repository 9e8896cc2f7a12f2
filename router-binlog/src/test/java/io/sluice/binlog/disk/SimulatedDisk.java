package io.sluice.binlog.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that forgets what it was not forced to keep. Each change is a step with a
 * number; {@link Steps} sees it before it is done and may let it fail. At any moment {@link #image}
 * holds on to everything, and {@link Image#restart} gives a disk as a later run may find it. Any
 * thread.
 */
public final class SimulatedDisk implements Disk {
  /** What a step does. */
  public enum Kind {
    /** A file is made. */
    CREATE,
    /** Bytes go to a file. */
    WRITE,
    /** A file is cut. */
    TRUNCATE,
    /** A file is forced. */
    FORCE,
    /** A file or folder is removed. */
    DELETE,
    /** A file gets another name. */
    MOVE,
    /** A folder is made. */
    MAKE_FOLDER,
    /** A folder is forced. */
    SYNC_FOLDER
  }

  /** What is about to be done. */
  public record Step(int number, Kind kind, Path path) {
    @Override
    public String toString() {
      return number + " " + kind + " " + path;
    }
  }

  /** Sees each step before it is done. */
  public interface Steps {
    /**
     * Looks at a step under the disk's lock; an exception is what becomes of it.
     *
     * @return bytes of a write that are written, if not all; negative for all
     */
    int before(Step step) throws IOException;
  }

  /** The disk at one moment. */
  public static final class Image {
    private final SimulatedFolder root;

    /** The file whose last write was not whole, if the process was killed in it. */
    private final @Nullable SimulatedFile written;

    private Image(SimulatedFolder root, @Nullable SimulatedFile written) {
      this.root = root;
      this.written = written;
    }

    /** The disk as a later run finds it. */
    public SimulatedDisk restart(Survival survival, Random random) {
      if (survival != Survival.KILLED_PROCESS) {
        return new SimulatedDisk(root.survivor(survival, random));
      }
      Map<SimulatedNode, SimulatedNode> copies = new IdentityHashMap<>();
      SimulatedFolder copy = root.copy(copies);
      if (written != null && copies.get(written) instanceof SimulatedFile file) {
        file.shortenLast(random);
      }
      return new SimulatedDisk(copy);
    }
  }

  private final SimulatedFolder root;
  private final Set<Path> locks = new HashSet<>();
  private Steps steps = step -> -1;
  private int count;
  private int openFiles;

  /** The file of the last step, if that was a write. */
  private @Nullable SimulatedFile written;

  /** An empty disk. */
  public SimulatedDisk() {
    this(new SimulatedFolder());
  }

  private SimulatedDisk(SimulatedFolder root) {
    this.root = root;
  }

  /** From now on steps are looked at. */
  public synchronized void watch(Steps watcher) {
    steps = watcher;
  }

  /** Everything, forced or not. */
  public synchronized Image image() {
    return new Image(root.copy(new IdentityHashMap<>()), null);
  }

  /** The same as it was inside the last step, if that was a write; null if it was not. */
  public synchronized @Nullable Image insideWrite() {
    SimulatedFile last = written;
    if (last == null) {
      return null;
    }
    Map<SimulatedNode, SimulatedNode> copies = new IdentityHashMap<>();
    SimulatedFolder copy = root.copy(copies);
    return new Image(copy, (SimulatedFile) copies.get(last));
  }

  /** Steps that were done. */
  public synchronized int count() {
    return count;
  }

  /** Files that were opened and not closed. */
  public synchronized int openFiles() {
    return openFiles;
  }

  /** Damages a byte of a file. */
  public synchronized void flip(Path path, int position, int bit) throws IOException {
    file(path).flip(position, bit);
  }

  /** All bytes of a file, as a process sees them. */
  public byte[] bytes(Path path) throws IOException {
    return WholeFile.read(this, path, Integer.MAX_VALUE);
  }

  private int step(Kind kind, Path path) throws IOException {
    int part = steps.before(new Step(++count, kind, path));
    written = null;
    return part;
  }

  private @Nullable SimulatedNode find(Path path) {
    SimulatedNode node = root;
    for (Path name : path) {
      node = node instanceof SimulatedFolder folder ? folder.get(name.toString()) : null;
    }
    return node;
  }

  private SimulatedFile file(Path path) throws IOException {
    if (find(path) instanceof SimulatedFile file) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  private SimulatedFolder folder(@Nullable Path path) throws IOException {
    SimulatedNode node = path == null ? root : find(path);
    if (node instanceof SimulatedFolder folder) {
      return folder;
    }
    throw new NoSuchFileException(String.valueOf(path));
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public synchronized DiskFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.CREATE_NEW || mode == Mode.CREATE_PRIVATE) {
      SimulatedFolder parent = folder(path.getParent());
      if (find(path) != null) {
        throw new FileAlreadyExistsException(path.toString());
      }
      step(Kind.CREATE, path);
      parent.add(name(path), new SimulatedFile());
    }
    SimulatedFile file = file(path);
    openFiles++;
    return new OpenFile(path, file, mode != Mode.READ);
  }

  @Override
  public synchronized boolean exists(Path path) {
    return find(path) != null;
  }

  @Override
  public synchronized boolean isRegularFile(Path path) {
    return find(path) instanceof SimulatedFile;
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return find(path) instanceof SimulatedFolder;
  }

  @Override
  public synchronized long size(Path path) throws IOException {
    return file(path).size();
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>();
    folder(directory).names().forEach(name -> paths.add(directory.resolve(name)));
    return paths;
  }

  @Override
  public Instant lastModified(Path path) throws IOException {
    file(path);
    return Instant.EPOCH;
  }

  @Override
  public long usableBytes(Path directory) {
    return 1L << 40;
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    if (find(directory) instanceof SimulatedFolder) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    step(Kind.MAKE_FOLDER, directory);
    folder(parent).add(name(directory), new SimulatedFolder());
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    SimulatedNode node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    if (node instanceof SimulatedFolder folder && !folder.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    step(Kind.DELETE, path);
    folder(path.getParent()).remove(name(path));
  }

  @Override
  public synchronized void move(Path from, Path to) throws IOException {
    file(from);
    SimulatedFolder target = folder(to.getParent());
    if (folder(from.getParent()) != target) {
      throw new IOException("move: " + from + " to " + to + " (expected: in one folder)");
    }
    step(Kind.MOVE, from);
    target.rename(name(from), name(to));
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    step(Kind.SYNC_FOLDER, directory);
    folder(directory).force();
  }

  @Override
  public synchronized @Nullable Closeable tryLock(Path file) {
    return locks.add(file) ? () -> unlock(file) : null;
  }

  private synchronized void unlock(Path file) {
    locks.remove(file);
  }

  private final class OpenFile implements DiskFile {
    private final Path path;
    private final SimulatedFile file;
    private final boolean writable;
    private boolean closed;
    private int known;

    OpenFile(Path path, SimulatedFile file, boolean writable) {
      this.path = path;
      this.file = file;
      this.writable = writable;
      this.known = file.lostForces();
    }

    private void requireOpen(boolean toWrite) throws IOException {
      if (closed || (toWrite && !writable)) {
        throw new IOException("file: " + path + " is closed or only read");
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen(false);
        return file.read(target, position);
      }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen(true);
        int part = step(Kind.WRITE, path);
        byte[] bytes = new byte[part < 0 ? source.remaining() : Math.min(part, source.remaining())];
        source.get(bytes);
        file.write(bytes, (int) position);
        written = bytes.length > 0 ? file : null;
        return bytes.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen(true);
        step(Kind.TRUNCATE, path);
        file.truncate(size);
      }
    }

    @Override
    public void force(boolean metadata) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen(true);
        try {
          step(Kind.FORCE, path);
        } catch (IOException e) {
          file.loseUnforced();
          known = file.lostForces();
          throw e;
        }
        if (known < file.lostForces()) {
          known = file.lostForces();
          throw new IOException("Input/output error");
        }
        file.force();
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        requireOpen(false);
        return file.size();
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedDisk.this) {
        openFiles -= closed ? 0 : 1;
        closed = true;
      }
    }
  }
}

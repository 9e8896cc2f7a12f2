package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bounded set of open files for positioned reads. Any thread; reads block. */
final class ReadChannels implements AutoCloseable {
  private static final int MAX_IDLE = 64;

  private final Disk disk;
  private final Map<Path, Handle> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  ReadChannels(Disk disk) {
    this.disk = disk;
  }

  private static final class Handle {
    final DiskFile file;
    int users;
    boolean forgotten;

    Handle(DiskFile file) {
      this.file = file;
    }
  }

  /** Reads until the target is full or the file ends. */
  int read(Path path, long position, ByteBuffer target) throws IOException {
    Handle handle = acquire(path);
    try {
      return handle.file.readFully(target, position);
    } finally {
      release(handle);
    }
  }

  private Handle acquire(Path path) throws IOException {
    synchronized (this) {
      Handle known = open.get(path);
      if (known != null) {
        known.users++;
        return known;
      }
    }
    DiskFile file = disk.open(path, Disk.Mode.READ);
    synchronized (this) {
      Handle other = open.get(path);
      if (other != null || closed) {
        file.close();
        if (other == null) {
          throw new IOException("store: closed");
        }
        other.users++;
        return other;
      }
      Handle handle = new Handle(file);
      handle.users = 1;
      open.put(path, handle);
      return handle;
    }
  }

  private synchronized void release(Handle handle) throws IOException {
    handle.users--;
    if (handle.forgotten && handle.users == 0) {
      handle.file.close();
      return;
    }
    Iterator<Handle> oldest = open.values().iterator();
    while ((closed || open.size() > MAX_IDLE) && oldest.hasNext()) {
      Handle candidate = oldest.next();
      if (candidate.users == 0) {
        oldest.remove();
        candidate.file.close();
      }
    }
  }

  /** Forgets a file, because it was removed. */
  synchronized void forget(Path path) throws IOException {
    Handle handle = open.remove(path);
    if (handle == null) {
      return;
    }
    if (handle.users == 0) {
      handle.file.close();
    } else {
      handle.forgotten = true;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    Iterator<Handle> all = open.values().iterator();
    while (all.hasNext()) {
      Handle handle = all.next();
      if (handle.users == 0) {
        all.remove();
        handle.file.close();
      }
    }
  }
}

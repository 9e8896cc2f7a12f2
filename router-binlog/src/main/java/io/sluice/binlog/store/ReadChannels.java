package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bounded set of open files for positioned reads. Any thread; reads block. */
final class ReadChannels implements AutoCloseable {
  private static final int MAX_IDLE = 64;

  private final StoreFileSystem files;
  private final Map<Path, Handle> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  ReadChannels(StoreFileSystem files) {
    this.files = files;
  }

  private static final class Handle {
    final FileChannel channel;
    int users;
    boolean forgotten;

    Handle(FileChannel channel) {
      this.channel = channel;
    }
  }

  /** Reads until the target is full or the file ends. */
  int read(Path path, long position, ByteBuffer target) throws IOException {
    Handle handle = acquire(path);
    try {
      int total = 0;
      while (target.hasRemaining()) {
        int got = handle.channel.read(target, position + total);
        if (got < 0) {
          break;
        }
        total += got;
      }
      return total;
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
    FileChannel channel = files.open(path, StandardOpenOption.READ);
    synchronized (this) {
      Handle other = open.get(path);
      if (other != null || closed) {
        channel.close();
        if (other == null) {
          throw new IOException("store: closed");
        }
        other.users++;
        return other;
      }
      Handle handle = new Handle(channel);
      handle.users = 1;
      open.put(path, handle);
      return handle;
    }
  }

  private synchronized void release(Handle handle) throws IOException {
    handle.users--;
    if (handle.forgotten && handle.users == 0) {
      handle.channel.close();
      return;
    }
    Iterator<Handle> oldest = open.values().iterator();
    while ((closed || open.size() > MAX_IDLE) && oldest.hasNext()) {
      Handle candidate = oldest.next();
      if (candidate.users == 0) {
        oldest.remove();
        candidate.channel.close();
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
      handle.channel.close();
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
        handle.channel.close();
      }
    }
  }
}

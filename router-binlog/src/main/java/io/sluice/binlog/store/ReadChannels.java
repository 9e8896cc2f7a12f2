package io.sluice.binlog.store;

import io.sluice.binlog.form.StoredBytes;
import io.sluice.binlog.form.StoredForm;
import io.sluice.binlog.form.StoredForms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bounded set of open files of all forms for positioned reads. Any thread; reads block. */
final class ReadChannels implements AutoCloseable {
  private static final int MAX_IDLE = 64;

  private final StoredForms forms;
  private final Map<Path, Handle> open = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  ReadChannels(StoredForms forms) {
    this.forms = forms;
  }

  private static final class Handle {
    final StoredBytes file;
    int users;
    boolean forgotten;

    Handle(StoredBytes file) {
      this.file = file;
    }
  }

  /** Reads until the target is full or the file ends. */
  int read(Path path, StoredForm form, long position, ByteBuffer target) throws IOException {
    Handle handle = acquire(path, form);
    try {
      return handle.file.read(target, position);
    } finally {
      release(handle);
    }
  }

  /** Tells whether a file is open and reading these bytes of it now is a copy of memory. */
  boolean isInMemory(Path path, long position, long length) throws IOException {
    Handle handle;
    synchronized (this) {
      handle = open.get(path);
      if (handle == null) {
        return false;
      }
      handle.users++;
    }
    try {
      return handle.file.isInMemory(position, length);
    } finally {
      release(handle);
    }
  }

  /** Bytes of the file of the log. */
  long size(Path path, StoredForm form) throws IOException {
    Handle handle = acquire(path, form);
    try {
      return handle.file.size();
    } finally {
      release(handle);
    }
  }

  private Handle acquire(Path path, StoredForm form) throws IOException {
    synchronized (this) {
      Handle known = open.get(path);
      if (known != null) {
        known.users++;
        return known;
      }
    }
    StoredBytes file = forms.open(path, form);
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

  /** Forgets a file, because it was removed, replaced or failed; who reads it goes on. */
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

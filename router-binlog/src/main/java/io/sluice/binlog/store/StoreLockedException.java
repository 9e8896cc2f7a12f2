package io.sluice.binlog.store;

import java.io.IOException;
import java.nio.file.Path;

/** Another store, in this or another process, has the directory. */
public final class StoreLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  StoreLockedException(Path directory) {
    super(
        "binlog directory: "
            + directory
            + " (expected: one that no other process uses; it is locked)");
  }
}

package io.sluice.binlog.form;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bytes of a file are not those that were written. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what is wrong with a file. */
  public DamagedFileException(Path file, String what) {
    this(file, what, null);
  }

  DamagedFileException(Path file, String what, @Nullable Throwable cause) {
    super("file: " + file + " is damaged: " + what, cause);
  }
}

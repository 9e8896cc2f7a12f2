package io.sluice.binlog.form;

import org.jspecify.annotations.Nullable;

/** In which form the bytes of a file are on the disk; the name there tells. */
public enum StoredForm {
  /** The master's bytes. */
  PLAIN(""),
  /** The zstd seekable format; closed files only. */
  ZSTD(".zst"),
  /** Encrypted. */
  SEALED(".enc");

  private static final String UNFINISHED = ".new";

  private final String suffix;

  StoredForm(String suffix) {
    this.suffix = suffix;
  }

  /** The name on the disk of a file of the log. */
  public String nameOnDisk(String name) {
    return name + suffix;
  }

  /** The name while this form is being made. */
  public String unfinishedName(String name) {
    return name + suffix + UNFINISHED;
  }

  /** The file of the log, by the name on the disk; null if the name is not one of this form. */
  public @Nullable String fileName(String nameOnDisk) {
    return nameOnDisk.endsWith(suffix)
        ? nameOnDisk.substring(0, nameOnDisk.length() - suffix.length())
        : null;
  }

  /** The name on the disk once the form is made, by the name before; null for any other name. */
  public static @Nullable String finishedName(String unfinishedName) {
    return unfinishedName.endsWith(UNFINISHED)
        ? unfinishedName.substring(0, unfinishedName.length() - UNFINISHED.length())
        : null;
  }
}

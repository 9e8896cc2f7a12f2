package io.sluice.binlog.form;

import org.jspecify.annotations.Nullable;

/** In which form the bytes of a file are on the disk; the name there tells. */
public enum StoredForm {
  /** The master's bytes. */
  PLAIN(0, ""),
  /** The zstd seekable format; closed files only. */
  ZSTD(1, ".zst"),
  /** Encrypted. */
  SEALED(2, ".enc");

  private static final String UNFINISHED = ".new";

  private final int code;
  private final String suffix;

  StoredForm(int code, String suffix) {
    this.code = code;
    this.suffix = suffix;
  }

  /** The form in notes about files. */
  public int code() {
    return code;
  }

  /** The form of a code; null if there is none. */
  public static @Nullable StoredForm ofCode(int code) {
    for (StoredForm form : values()) {
      if (form.code == code) {
        return form;
      }
    }
    return null;
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

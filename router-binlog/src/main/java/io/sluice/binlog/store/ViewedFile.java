package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a store as it was found. Immutable.
 *
 * @param id which file of the log
 * @param path where it is
 * @param form how it is kept
 * @param diskBytes what it takes there
 */
public record ViewedFile(BinlogFileId id, Path path, Form form, long diskBytes) {
  /** How a file is kept, told by its name. */
  public enum Form {
    /** The master's bytes. */
    PLAIN(""),
    /** Packed. */
    ZST(".zst"),
    /** Encrypted. */
    ENC(".enc");

    private final String suffix;

    Form(String suffix) {
      this.suffix = suffix;
    }
  }

  /** The file of the log that an entry of a folder is, null if it is none. */
  static @Nullable ViewedFile of(Disk disk, int epoch, Path entry) throws IOException {
    String name = String.valueOf(entry.getFileName());
    Form form = Form.PLAIN;
    for (Form packed : new Form[] {Form.ZST, Form.ENC}) {
      if (name.endsWith(packed.suffix)) {
        form = packed;
        name = name.substring(0, name.length() - packed.suffix.length());
      }
    }
    if (!BinlogFileFormat.isValidName(name) || !disk.isRegularFile(entry)) {
      return null;
    }
    try {
      return new ViewedFile(new BinlogFileId(epoch, name), entry, form, disk.size(entry));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Of two forms of one file the packed one: it was complete before it got its name. */
  static ViewedFile packed(ViewedFile one, ViewedFile other) {
    return one.form.compareTo(other.form) > 0 ? one : other;
  }
}

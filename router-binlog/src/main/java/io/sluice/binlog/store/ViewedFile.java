package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.form.StoredForm;
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
 * @param archived whether it is in the archive
 * @param diskBytes what it takes there
 * @param problem why nothing is known of where and how it is archived; empty if that is known
 */
public record ViewedFile(
    BinlogFileId id, Path path, StoredForm form, boolean archived, long diskBytes, String problem) {
  /** The file of the log that an entry of a folder is, null if it is none. */
  static @Nullable ViewedFile of(Disk disk, int epoch, Path entry) throws IOException {
    for (StoredForm form : StoredForm.values()) {
      String name = form.fileName(String.valueOf(entry.getFileName()));
      if (name != null && BinlogFileFormat.isValidName(name) && disk.isRegularFile(entry)) {
        try {
          long size = disk.size(entry);
          return new ViewedFile(new BinlogFileId(epoch, name), entry, form, false, size, "");
        } catch (NoSuchFileException e) {
          return null;
        }
      }
    }
    return null;
  }

  /**
   * Of a file that is archived and still here, what is here; of two forms the packed one: it was
   * complete before it got its name.
   */
  static ViewedFile first(ViewedFile one, ViewedFile other) {
    if (one.archived != other.archived) {
      return one.archived ? other : one;
    }
    return one.form.compareTo(other.form) > 0 ? one : other;
  }
}

package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.form.GrowingFile;
import io.sluice.binlog.form.PlainFile;
import io.sluice.binlog.form.SealedFiles;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the file that the log grows in, in the form that it has or shall have. Blocks. */
final class GrowingFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(GrowingFiles.class);

  private final Disk disk;
  private final FileCatalog catalog;
  private final StoreFolder folder;

  GrowingFiles(Disk disk, FileCatalog catalog) {
    this.disk = disk;
    this.catalog = catalog;
    this.folder = new StoreFolder(disk, catalog);
  }

  /** Creates an empty file; what is in its way gets another name. */
  GrowingFile create(BinlogFileId file) throws IOException {
    StoredForm form = catalog.forms().smallFiles().seals() ? StoredForm.SEALED : StoredForm.PLAIN;
    catalog.places().put(file, FilePlace.local(form));
    folder.clear(file);
    Path path = catalog.path(file);
    return form == StoredForm.SEALED
        ? catalog.forms().createSealed(path)
        : plain(path, Disk.Mode.CREATE_NEW);
  }

  /** Opens a file that grows again. */
  GrowingFile reopen(BinlogFileId file) throws IOException {
    return isSealed(file)
        ? catalog.forms().sealed().reopen(catalog.path(file))
        : plain(catalog.path(file), Disk.Mode.WRITE);
  }

  private GrowingFile plain(Path path, Disk.Mode mode) throws IOException {
    return new PlainFile(
        disk.open(path, mode), BinlogFileFormat.IN_USE_OFFSET, EventHeader.FLAG_IN_USE);
  }

  /** Tells whether a file of the store's own folder is sealed. */
  boolean isSealed(BinlogFileId file) {
    FilePlace place = catalog.places().of(file);
    return !place.archived() && place.form() == StoredForm.SEALED;
  }

  /**
   * Finds what is good of a file that may have grown when the store was left.
   *
   * @param listed what is known of it
   */
  SealedFiles.Recovered recover(BinlogFileId file, long listed) throws IOException {
    if (!isSealed(file)) {
      return new SealedFiles.Recovered(listed, false, 0, "");
    }
    // Who has opened it before knows less.
    catalog.moved(file, catalog.places().of(file));
    SealedFiles.Recovered good = catalog.forms().sealed().recover(catalog.path(file));
    if (!good.problem().isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .addKeyValue("bytes", good.torn())
          .addKeyValue("reason", good.problem())
          .log("encrypted binlog file has bytes behind its last good record");
    }
    return good;
  }
}

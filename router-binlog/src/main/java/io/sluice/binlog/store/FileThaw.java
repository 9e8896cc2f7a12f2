package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.WholeFile;
import io.sluice.binlog.form.PackWriter;
import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a file that was packed or archived into the form in which files grow, because it grows
 * again: what came behind it was lost. One thread; blocks.
 */
final class FileThaw {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileThaw.class);
  private static final int PIECE = 256 << 10;

  private final Disk disk;
  private final FileCatalog catalog;

  FileThaw(Disk disk, FileCatalog catalog) {
    this.disk = disk;
    this.catalog = catalog;
  }

  /** Does it if need be. */
  void run(StoredFile stored) throws IOException {
    BinlogFileId file = stored.id();
    FilePlace place = catalog.places().of(file);
    if (!place.archived() && place.form() != StoredForm.ZSTD) {
      return;
    }
    LOGGER.atInfo().addKeyValue("file", file).log("packed binlog file is the newest: unpacked");
    StoredForm form = catalog.forms().smallFiles().seals() ? StoredForm.SEALED : StoredForm.PLAIN;
    Path home = catalog.home(file);
    Path target = home.resolveSibling(form.nameOnDisk(file.name()));
    StoredForm noted = form == StoredForm.PLAIN ? StoredForm.ZSTD : form;
    Path unfinished = home.resolveSibling(noted.unfinishedName(file.name()));
    WholeFile.deleteIfExists(disk, unfinished);
    try (PackWriter writer = catalog.forms().create(unfinished, form, 0)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      for (long at = 0; at < stored.size(); at += PIECE) {
        piece.clear().limit((int) Math.min(PIECE, stored.size() - at));
        if (catalog.read(file, at, piece) < piece.limit()) {
          throw new IOException("binlog file: " + file + " ends (expected: " + stored.size() + ")");
        }
        writer.write(piece.flip());
      }
      writer.finish();
    }
    Path before = place.archived() ? ArchiveStub.path(home) : catalog.path(file);
    disk.move(unfinished, target);
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
    catalog.moved(file, FilePlace.local(form));
    disk.delete(before);
    disk.syncDirectory(catalog.epochDirectory(file.epoch()));
  }
}

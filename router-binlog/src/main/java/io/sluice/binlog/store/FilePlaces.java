package io.sluice.binlog.store;

import io.sluice.binlog.form.StoredForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each file is: in its epoch's folder of the store or of the archive, in one of the forms.
 * What is not told is a plain file of the store. Any thread.
 */
final class FilePlaces {
  private final Path directory;
  private final @Nullable Path archive;
  private final Map<BinlogFileId, FilePlace> places = new ConcurrentHashMap<>();
  private final Set<BinlogFileId> gone = ConcurrentHashMap.newKeySet();

  FilePlaces(Path directory, @Nullable Path archive) {
    this.directory = directory;
    this.archive = archive;
  }

  FilePlace of(BinlogFileId file) {
    return places.getOrDefault(file, FilePlace.PLAIN);
  }

  void put(BinlogFileId file, FilePlace place) {
    places.put(file, place);
  }

  void forget(BinlogFileId file) {
    places.remove(file);
  }

  /** Files that are in the archive. */
  int archived() {
    return (int) places.values().stream().filter(FilePlace::archived).count();
  }

  /** Purged files of which the archive may still have something. */
  Set<BinlogFileId> gone() {
    return gone;
  }

  /** The store's folder of an epoch. */
  Path epochDirectory(int epoch) {
    return StoreFolder.epochDirectory(directory, epoch);
  }

  /** Where the plain file is or would be; what belongs to a file stands beside. */
  Path home(BinlogFileId file) {
    return epochDirectory(file.epoch()).resolve(file.name());
  }

  /** Where a form of a file is or would be in the store's folder. */
  Path local(BinlogFileId file, StoredForm form) {
    return epochDirectory(file.epoch()).resolve(form.nameOnDisk(file.name()));
  }

  /** Where it is, for messages; of an archived file what tells so, if there is no archive. */
  Path path(BinlogFileId file) {
    FilePlace place = of(file);
    if (!place.archived()) {
      return local(file, place.form());
    }
    return archive == null || place.untold()
        ? ArchiveStub.path(home(file))
        : inArchive(archive, file, place.form());
  }

  /**
   * Where it is.
   *
   * @throws IOException if it is in an archive that is not set, or in a form that is not known
   */
  Path locate(BinlogFileId file, FilePlace place) throws IOException {
    if (!place.archived()) {
      return local(file, place.form());
    }
    if (archive == null) {
      throw new IOException("binlog file: " + file + " is archived (expected: archive-dir is set)");
    }
    if (place.untold()) {
      throw new IOException(
          "binlog file: "
              + file
              + " is archived, in which form "
              + ArchiveStub.path(home(file))
              + " does not tell any more (expected: as it was written)");
    }
    return inArchive(archive, file, place.form());
  }

  /** Where a file is in an archive. */
  static Path inArchive(Path archive, BinlogFileId file, StoredForm form) {
    return StoreFolder.epochDirectory(archive, file.epoch()).resolve(form.nameOnDisk(file.name()));
  }
}

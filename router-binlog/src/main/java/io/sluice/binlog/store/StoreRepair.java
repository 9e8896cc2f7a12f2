package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What opening a store does to its files, without the store. Stateless; blocks. */
public final class StoreRepair {
  /** A repair moves nothing to the archive. */
  private static final Duration NOT_NOW = Duration.ofDays(36_500);

  private StoreRepair() {}

  /**
   * Only the recovery, without the lock.
   *
   * @param disk takes what is changed
   * @param archive where archived files are, null if that is not known
   * @param keys opens what is sealed
   */
  public static RecoveryReport recover(
      Disk disk, Path directory, @Nullable Path archive, KeyRing keys) throws IOException {
    EncryptionOptions encryption = encryption(directory, keys);
    try (FileCatalog catalog = new FileCatalog(disk, directory, archive, encryption)) {
      StoreRecovery recovery = new StoreRecovery(disk, catalog);
      return recovery.report(recovery.run(directory));
    }
  }

  /**
   * The recovery, and sidecars of all closed files.
   *
   * @param archive where archived files are, null if that is not known
   * @param keys opens what is sealed
   * @throws StoreLockedException if the store is open elsewhere
   */
  public static RecoveryReport repair(Path directory, @Nullable Path archive, KeyRing keys)
      throws IOException {
    FormOptions forms =
        archive == null ? FormOptions.NONE : FormOptions.NONE.withArchive(archive, NOT_NOW);
    StoreOptions options =
        StoreOptions.defaults()
            .withSync(SyncPolicy.NONE)
            .withForms(forms)
            .withEncryption(encryption(directory, keys));
    try (FileBinlogStore store = FileBinlogStore.open(directory, options)) {
      store.completeSidecars();
      return store.recovery();
    }
  }

  /**
   * What is written is sealed as the newest file is, and if that does not tell, as the metadata
   * are, which always follow the configuration, or else as the newest file that is sealed.
   */
  private static EncryptionOptions encryption(Path directory, KeyRing keys) throws IOException {
    List<ViewedFile> files = new StoreView(Disk.LOCAL, directory, null, keys).files();
    Path metadata = directory.resolve(FileBinlogStore.METADATA);
    long keyId = files.isEmpty() ? 0 : keyId(files.get(files.size() - 1).path(), keys);
    if (keyId == 0 && Disk.LOCAL.exists(metadata)) {
      keyId = keyId(metadata, keys);
    } else {
      for (int i = files.size() - 2; i >= 0 && keyId == 0; i--) {
        keyId = keyId(files.get(i).path(), keys);
      }
    }
    return new EncryptionOptions(keys, keyId);
  }

  /** The key that a file, or the note of an archived one, is sealed with; 0 if none is known. */
  private static long keyId(Path path, KeyRing keys) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(64);
    try (DiskFile file = Disk.LOCAL.open(path, Disk.Mode.READ)) {
      file.readFully(head, 0);
    }
    long keyId = SealedBlob.keyIdOf(head.array());
    return keys.has(keyId) ? keyId : 0;
  }
}

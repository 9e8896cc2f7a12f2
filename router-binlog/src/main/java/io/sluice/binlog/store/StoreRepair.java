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

  /** What is written is sealed as the newest file is. */
  private static EncryptionOptions encryption(Path directory, KeyRing keys) throws IOException {
    List<ViewedFile> files = new StoreView(Disk.LOCAL, directory, null, keys).files();
    if (files.isEmpty() || files.get(files.size() - 1).archived()) {
      return new EncryptionOptions(keys, 0);
    }
    ByteBuffer head = ByteBuffer.allocate(64);
    try (DiskFile newest = Disk.LOCAL.open(files.get(files.size() - 1).path(), Disk.Mode.READ)) {
      newest.readFully(head, 0);
    }
    long keyId = SealedBlob.keyIdOf(head.array());
    return new EncryptionOptions(keys, keys.has(keyId) ? keyId : 0);
  }
}

package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.form.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What opening a store does to its files, without the store. Stateless; blocks. */
public final class StoreRepair {
  private StoreRepair() {}

  /**
   * Only the recovery, without the lock.
   *
   * @param disk takes what is changed
   * @param keys opens what is sealed
   */
  public static RecoveryReport recover(Disk disk, Path directory, KeyRing keys) throws IOException {
    EncryptionOptions encryption = encryption(directory, keys);
    try (FileCatalog catalog = new FileCatalog(disk, directory, null, encryption)) {
      StoreRecovery recovery = new StoreRecovery(disk, catalog);
      return recovery.report(recovery.run(directory));
    }
  }

  /**
   * The recovery, and sidecars of all closed files.
   *
   * @param keys opens what is sealed
   * @throws StoreLockedException if the store is open elsewhere
   */
  public static RecoveryReport repair(Path directory, KeyRing keys) throws IOException {
    StoreOptions options =
        StoreOptions.defaults()
            .withSync(SyncPolicy.NONE)
            .withEncryption(encryption(directory, keys));
    try (FileBinlogStore store = FileBinlogStore.open(directory, options)) {
      store.completeSidecars();
      return store.recovery();
    }
  }

  /** What is written is sealed as the newest file is. */
  private static EncryptionOptions encryption(Path directory, KeyRing keys) throws IOException {
    List<ViewedFile> files = new StoreView(Disk.LOCAL, directory, keys).files();
    if (files.isEmpty()) {
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

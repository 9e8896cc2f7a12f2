package io.sluice.binlog.store;

import io.sluice.binlog.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** What opening a store does to its files, without the store. Stateless; blocks. */
public final class StoreRepair {
  private StoreRepair() {}

  /**
   * Only the recovery, without the lock.
   *
   * @param disk takes what is changed
   */
  public static RecoveryReport recover(Disk disk, Path directory) throws IOException {
    try (FileCatalog catalog = new FileCatalog(disk, directory)) {
      StoreRecovery recovery = new StoreRecovery(disk, catalog);
      return recovery.report(recovery.run(directory));
    }
  }

  /**
   * The recovery, and sidecars of all closed files.
   *
   * @throws StoreLockedException if the store is open elsewhere
   */
  public static RecoveryReport repair(Path directory) throws IOException {
    StoreOptions options = StoreOptions.defaults().withSync(SyncPolicy.NONE);
    try (FileBinlogStore store = FileBinlogStore.open(directory, options)) {
      store.completeSidecars();
      return store.recovery();
    }
  }
}

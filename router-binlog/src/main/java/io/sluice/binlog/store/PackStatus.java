package io.sluice.binlog.store;

/**
 * What became of closed files since the store was opened. Immutable.
 *
 * @param packedFiles files that were brought into another form
 * @param plainBytes their bytes
 * @param packedBytes their bytes on the disk now
 * @param archivedFiles files of the log that are in the archive
 * @param movedFiles files that went there
 * @param problem why files are not brought into another form, empty if they are
 * @param archiveProblem why the archive cannot be used, empty if it can
 */
public record PackStatus(
    long packedFiles,
    long plainBytes,
    long packedBytes,
    int archivedFiles,
    long movedFiles,
    String problem,
    String archiveProblem) {
  /** Nothing to do and nothing done. */
  public static final PackStatus NONE = new PackStatus(0, 0, 0, 0, 0, "", "");
}

package io.sluice.binlog.store;

import java.util.List;

/**
 * What opening a store found and dropped. Immutable.
 *
 * @param file the newest file, {@link BinlogFileId#NONE} in an empty store
 * @param end bytes of it that were kept
 * @param droppedBytes bytes cut off behind the last whole transaction
 * @param droppedEvents whole and valid events among them
 * @param reason why the bytes were dropped, empty if none were
 * @param removedFiles newest files that had no complete head
 * @param ignoredFiles files in the directory that are not the store's
 * @param problems what is wrong with older files: nothing was dropped, but replicas that need it
 *     cannot have it; complete sentences
 */
public record RecoveryReport(
    BinlogFileId file,
    long end,
    long droppedBytes,
    int droppedEvents,
    String reason,
    List<String> removedFiles,
    List<String> ignoredFiles,
    List<String> problems) {
  /** Copies the lists. */
  public RecoveryReport {
    removedFiles = List.copyOf(removedFiles);
    ignoredFiles = List.copyOf(ignoredFiles);
    problems = List.copyOf(problems);
  }

  /** Tells whether anything was dropped. */
  public boolean droppedAnything() {
    return droppedBytes > 0 || !removedFiles.isEmpty();
  }
}

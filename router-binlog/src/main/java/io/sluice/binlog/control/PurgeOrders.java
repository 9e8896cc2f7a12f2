package io.sluice.binlog.control;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.PurgeRequest;
import io.sluice.binlog.store.PurgeResult;
import io.sluice.binlog.store.StoredFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What PURGE BINARY LOGS makes of the store's answer. Stateless. */
final class PurgeOrders {
  private PurgeOrders() {}

  static CompletableFuture<List<ControlNote>> to(
      BinlogStore store, Function<List<StoredFile>, List<String>> needing, String file) {
    return store
        .purge(new PurgeRequest.To(file))
        .thenApply(result -> notes(result, needing.apply(result.removed())));
  }

  static CompletableFuture<List<ControlNote>> before(
      BinlogStore store, Function<List<StoredFile>, List<String>> needing, Instant time) {
    return store
        .purge(new PurgeRequest.Before(time))
        .thenApply(result -> notes(result, needing.apply(result.removed())));
  }

  /** As a master does it, only those who read now stop a purge; who is away is told of. */
  private static List<ControlNote> notes(PurgeResult result, List<String> stranded) {
    List<ControlNote> notes = new ArrayList<>(notes(result));
    for (String who : stranded) {
      notes.add(
          new ControlNote(
              ControlNote.Level.WARNING, ControlNote.LOG_IN_USE, who + ", which was purged"));
    }
    return notes;
  }

  private static List<ControlNote> notes(PurgeResult result) {
    if (!result.targetFound()) {
      throw ControlException.of(
          ControlException.UNKNOWN_FILE, "Target log not found in binlog index");
    }
    if (result.stoppedAt().equals(BinlogFileId.NONE)) {
      return List.of();
    }
    return List.of(
        new ControlNote(
            ControlNote.Level.WARNING,
            ControlNote.LOG_IN_USE,
            "file "
                + result.stoppedAt().name()
                + " was not purged because it was being read by "
                + result.readers().size()
                + " thread(s), purged only "
                + result.removed().size()
                + " files: "
                + String.join(", ", result.readers())));
  }
}

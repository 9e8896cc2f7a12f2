package io.sluice.binlog.tool;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Sidecar;
import io.sluice.binlog.store.SidecarChain;
import io.sluice.binlog.store.StoreView;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares sidecars with what their files say, and with each other. Takes the files in order. For
 * one check; blocks.
 */
final class SidecarCheck {
  /** How long Sluice may take, in all, for sidecars that are not there yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final StoreView view;
  private final Consumer<Finding> findings;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();

  SidecarCheck(StoreView view, Consumer<Finding> findings) {
    this.view = view;
    this.findings = findings;
  }

  /** Compares a sidecar with one that was made from the file just now. */
  void compare(BinlogFileId file, Sidecar made) throws IOException {
    Sidecar kept = await(file);
    if (kept == null) {
      missing(file);
    } else if (kept.size() != made.size()) {
      wrong(file, "has " + made.size() + " bytes (expected: " + kept.size() + " by its sidecar)");
    } else if (!kept.sha256().equals(made.sha256())) {
      wrong(
          file,
          "has SHA-256 " + made.sha256() + " (expected: " + kept.sha256() + " by its sidecar)");
    } else if (!kept.agreesWith(made)) {
      wrong(file, "has a sidecar whose GTIDs, times or places are not those of the file");
    }
  }

  /** A file is damaged: at least its size is compared. */
  void size(BinlogFileId file, long size) throws IOException {
    Sidecar kept = view.sidecar(file);
    if (kept == null) {
      missing(file);
    } else if (kept.size() != size) {
      wrong(file, "has " + size + " bytes (expected: " + kept.size() + " by its sidecar)");
    }
  }

  private void missing(BinlogFileId file) {
    wrong(
        file,
        view.hasSidecar(file)
            ? "has a sidecar that is damaged or of another version: Sluice makes it again"
            : "has no sidecar: Sluice makes it again");
  }

  /** Waits for a running Sluice to make a sidecar and to link it. */
  private @Nullable Sidecar await(BinlogFileId file) throws IOException {
    Sidecar kept = view.sidecar(file);
    while ((kept == null || kept.chain() == null)
        && System.nanoTime() < deadline
        && view.find(file) != null
        && view.isInUse()) {
      Pause.of(PAUSE);
      kept = view.sidecar(file);
    }
    return kept;
  }

  /**
   * Compares the link of a file with the one of the file before it.
   *
   * @param before null if there is none
   */
  void chain(BinlogFileId file, @Nullable BinlogFileId before) throws IOException {
    Sidecar kept = view.sidecar(file);
    if (kept == null) {
      return;
    }
    SidecarChain link = kept.chain();
    if (link == null) {
      wrong(file, "is not linked to the file before it: Sluice does that at its start");
      return;
    }
    if (!link.fits(file.name(), kept)) {
      wrong(file, "has a link that is not of its name, size and SHA-256: the chain is broken");
      return;
    }
    Sidecar older = before == null ? null : view.sidecar(before);
    SidecarChain last = older == null ? null : older.chain();
    if (last != null && !last.value().equals(link.before())) {
      wrong(file, "is not linked to " + before + " as it is: the chain is broken");
    }
  }

  private void wrong(BinlogFileId file, String text) {
    findings.accept(new Finding(file.toString(), true, text));
  }
}

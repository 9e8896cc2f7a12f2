package io.sluice.binlog.tool;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.FileWalk;
import io.sluice.binlog.store.OpenedFile;
import io.sluice.binlog.store.Sidecar;
import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files from end to end and compares all that is known of them: each event's checksum, length
 * and position, the SHA-256 and all else in the sidecar, the chain, and what is said at the borders
 * between files. What Sluice has not done yet while it runs is waited for. For one check; blocks.
 */
final class StoreCheck {
  private static final int PIECE = 64 << 10;
  private static final int MAX_HEAD = 64 << 10;
  private static final int LOOKS = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final StoreView view;
  private final Consumer<Finding> findings;
  private final SidecarCheck sidecars;
  private long bytes;
  private int files;

  /**
   * Prepares a check.
   *
   * @param findings hears of each finding at once
   */
  StoreCheck(StoreView view, Consumer<Finding> findings) {
    this.view = view;
    this.findings = findings;
    this.sidecars = new SidecarCheck(view, findings);
  }

  /** Files that were read. */
  int files() {
    return files;
  }

  /** Their bytes. */
  long bytes() {
    return bytes;
  }

  /**
   * Checks.
   *
   * @param wanted the files; all if it is empty
   */
  void run(Set<BinlogFileId> wanted) throws IOException {
    List<ViewedFile> all = view.files();
    BorderCheck borders = new BorderCheck(view, findings);
    BinlogFileId before = null;
    for (ViewedFile file : all) {
      if (wanted.isEmpty() || wanted.contains(file.id())) {
        boolean newest = FileNames.isNewest(all, file);
        CheckedFile checked = newest ? newest(file) : closed(file);
        if (checked == null) {
          borders.interrupt();
        } else {
          borders.next(checked);
        }
        if (!newest) {
          sidecars.chain(file.id(), before);
        }
      } else {
        borders.interrupt();
      }
      before = file.id();
    }
    borders.end();
  }

  /** What the borders are judged by; null if a file could not be read to its end. */
  private @Nullable CheckedFile closed(ViewedFile listed) throws IOException {
    try (OpenedFile file = view.open(listed)) {
      if (!file.hasMagic()) {
        wrong(listed, "does not begin with fe 62 69 6e: no binlog file, or not readable");
        return null;
      }
      long size = file.size();
      Sidecar made;
      try {
        made = file.index(size);
      } catch (IOException e) {
        wrong(listed, "damaged: " + e.getMessage());
        sidecars.size(listed.id(), size);
        return null;
      }
      count(size);
      sidecars.compare(listed.id(), made);
      return new CheckedFile(listed.id(), file.format(), made.start(), made.end());
    } catch (NoSuchFileException e) {
      note(listed, "was purged meanwhile");
      return null;
    } catch (IOException e) {
      wrong(listed, "cannot be read: " + SluiceBinlog.explain(e));
      return null;
    }
  }

  /** The file that grows may end anywhere, but what is whole must be right. */
  private @Nullable CheckedFile newest(ViewedFile listed) throws IOException {
    try (OpenedFile file = view.open(listed)) {
      FileWalk walk = look(file);
      long size = file.size();
      if (walk.safeEnd() == 0 && (size <= MAX_HEAD || isZero(file, 0, size))) {
        note(listed, "has no complete head yet: recovery removes it");
        return null;
      }
      if (!walk.problem().isEmpty() && !isTorn(file, walk)) {
        wrong(listed, "damaged: at " + walk.position() + ": " + walk.problem());
        return null;
      }
      if (walk.safeEnd() < size && !view.isInUse()) {
        note(
            listed,
            (size - walk.safeEnd())
                + " bytes behind the last whole transaction at "
                + walk.safeEnd()
                + ": recovery cuts them off");
      }
      count(walk.safeEnd());
      return new CheckedFile(listed.id(), walk.format(), walk.start(), walk.state());
    } catch (NoSuchFileException e) {
      note(listed, "was removed meanwhile");
      return null;
    } catch (IOException e) {
      wrong(listed, "cannot be read: " + SluiceBinlog.explain(e));
      return null;
    }
  }

  /** What is wrong only while it is being written is right a moment later. */
  private FileWalk look(OpenedFile file) throws IOException {
    FileWalk walk = file.walk(file.size());
    walk.toEnd();
    for (int i = 1; i < LOOKS && !walk.problem().isEmpty() && view.isInUse(); i++) {
      Pause.of(PAUSE);
      walk = file.walk(file.size());
      walk.toEnd();
    }
    return walk;
  }

  /** Tells whether a file only ends too early, or in zeros as a power loss leaves them. */
  private static boolean isTorn(OpenedFile file, FileWalk walk) throws IOException {
    return walk.endsEarly() || isZero(file, walk.position(), file.size());
  }

  private static boolean isZero(OpenedFile file, long from, long to) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    byte[] zeros = new byte[PIECE];
    for (long at = from; at < to; at += PIECE) {
      int length = (int) Math.min(PIECE, to - at);
      piece.clear().limit(length);
      if (file.read(at, piece) < length
          || !Arrays.equals(piece.array(), 0, length, zeros, 0, length)) {
        return false;
      }
    }
    return true;
  }

  private void count(long size) {
    files++;
    bytes += size;
  }

  private void wrong(ViewedFile file, String text) {
    findings.accept(new Finding(file.id().toString(), true, text));
  }

  private void note(ViewedFile file, String text) {
    findings.accept(new Finding(file.id().toString(), false, text));
  }

  /** The findings of a check without those that are no fault. */
  static List<Finding> wrong(List<Finding> all) {
    List<Finding> wrong = new ArrayList<>(all);
    wrong.removeIf(finding -> !finding.wrong());
    return wrong;
  }
}

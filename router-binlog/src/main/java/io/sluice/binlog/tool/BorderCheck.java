package io.sluice.binlog.tool;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.StoreView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares each file with the one before it: numbers without a jump, what the one ends with is what
 * the other begins with, and an epoch begins no later than the one before it ends and goes further.
 * Takes the files in order. For one check; blocks.
 */
final class BorderCheck {
  private final StoreView view;
  private final Consumer<Finding> findings;
  private @Nullable CheckedFile before;

  /** The last file of the epoch before the one that is being looked at. */
  private @Nullable CheckedFile lastOfEpoch;

  BorderCheck(StoreView view, Consumer<Finding> findings) {
    this.view = view;
    this.findings = findings;
  }

  /** A file is left out: nothing is said about its borders. */
  void interrupt() {
    before = null;
    lastOfEpoch = null;
  }

  /** The next file. */
  void next(CheckedFile file) throws IOException {
    CheckedFile last = before;
    if (last != null && last.id().epoch() == file.id().epoch()) {
      inside(last, file);
    } else if (last != null) {
      reaches(last);
      lastOfEpoch = last;
      between(last, file);
    }
    before = file;
  }

  /** There are no more files. */
  void end() throws IOException {
    CheckedFile last = before;
    if (last != null) {
      reaches(last);
    }
  }

  private void inside(CheckedFile last, CheckedFile file) {
    if (file.id().number() != last.id().number() + 1) {
      wrong(file, "follows " + last.id() + ": the files between them are missing");
      return;
    }
    GtidState start = file.start();
    if (last.start() == null || start == null || start.equals(last.end())) {
      return;
    }
    if (dropsDomains(last.end(), start)) {
      note(file, "knows less domains than " + last.id() + ": they were deleted on the master");
      return;
    }
    wrong(
        file,
        "begins with "
            + ListCommand.oneLine(start.toString())
            + " (expected: "
            + ListCommand.oneLine(last.end().toString())
            + ", the end of "
            + last.id()
            + ")");
  }

  /** FLUSH BINARY LOGS DELETE_DOMAIN_ID takes whole domains out. */
  private static boolean dropsDomains(GtidState end, GtidState start) {
    if (!(end instanceof MariaDbBinlogState all) || !(start instanceof MariaDbBinlogState some)) {
      return false;
    }
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (some.last(all.get(i).domain()) != null) {
        kept.add(all.get(i));
      }
    }
    List<Object> there = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      there.add(some.get(i));
    }
    return !kept.isEmpty() && kept.size() < all.size() && kept.equals(there);
  }

  private void between(CheckedFile last, CheckedFile file) throws IOException {
    FormatDescription format = file.format();
    if (format == null || (format.family() != last.end().family() && !last.end().isEmpty())) {
      wrong(file, "is of another family of servers than " + last.id());
      return;
    }
    if (!view.joins(last.end(), format, file.start())) {
      GtidState start = file.start();
      wrong(
          file,
          "begins an epoch with "
              + (start == null ? "(nothing told)" : ListCommand.oneLine(start.toString()))
              + " (expected: nothing behind "
              + ListCommand.oneLine(last.end().positionText())
              + ", the end of "
              + last.id()
              + ")");
    }
  }

  /** An epoch was not visible before it had all of the one before. */
  private void reaches(CheckedFile last) throws IOException {
    CheckedFile older = lastOfEpoch;
    if (older == null || Objects.equals(older, last)) {
      return;
    }
    GtidState all = last.end();
    if (all instanceof MySqlGtidSet set) {
      all = set.union(view.absent());
    }
    boolean comparable = all.family() == older.end().family() || all.isEmpty();
    if (comparable && !all.contains(older.end())) {
      wrong(
          last,
          "ends an epoch with "
              + ListCommand.oneLine(last.end().positionText())
              + " (expected: also "
              + ListCommand.oneLine(older.end().positionText())
              + ", the end of "
              + older.id()
              + ")");
    }
  }

  private void wrong(CheckedFile file, String text) {
    findings.accept(new Finding(file.id().toString(), true, text));
  }

  private void note(CheckedFile file, String text) {
    findings.accept(new Finding(file.id().toString(), false, text));
  }
}

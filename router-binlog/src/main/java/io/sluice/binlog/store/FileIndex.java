package io.sluice.binlog.store;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sparse knowledge of one file: the end of its head and some ends of groups, in ascending order,
 * with the GTID state there. Made from the bytes by the rule of a MariaDB 11.4 master, so that
 * streams begin where its own would. Any thread.
 */
public final class FileIndex {
  /** Distance between entries, at least: the default of {@code binlog_gtid_index_span_min}. */
  static final int SPACING = 64 << 10;

  /** A place where a stream may begin. */
  record Entry(long position, GtidState state) {}

  /** Where an entry is and what was written since the entry before it. */
  record Step(long position, GtidState changes) {}

  private Step[] steps = new Step[8];
  private int size;

  /** The state at the last step; null if nobody has asked for it yet. */
  private @Nullable GtidState last;

  /** The next end of a group at or behind this position is wanted. */
  synchronized long nextWanted() {
    // As the master counts: the first distance from the start of the file, not of the first entry.
    return size == 0 ? 0 : size == 1 ? SPACING : steps[size - 1].position() + SPACING;
  }

  /**
   * Takes a place where the file may be cut, if an entry is wanted there.
   *
   * @param follower has just seen the event in front of it
   * @return {@link #nextWanted}
   */
  synchronized long offer(long position, FileFollower follower) {
    if (position >= nextWanted() && (size == 0 || follower.endsGroup())) {
      add(position, follower.state());
    }
    return nextWanted();
  }

  private void add(long position, GtidState state) {
    GtidState before = last;
    if (before == null) {
      before = collect(steps, size);
    }
    append(new Step(position, state.changesSince(before)));
    last = state;
  }

  private void append(Step step) {
    if (size == steps.length) {
      steps = Arrays.copyOf(steps, size * 2);
    }
    steps[size++] = step;
  }

  /** Adds a step that was kept; positions must ascend. */
  synchronized void restore(Step step) {
    append(step);
    last = null;
  }

  /** Forgets what lies behind the end of a file that was cut. */
  synchronized void cut(long end) {
    while (size > 0 && steps[size - 1].position() > end) {
      size--;
    }
    last = null;
  }

  private static GtidState collect(Step[] steps, int count) {
    GtidState.Builder state = GtidState.builder(familyOf(steps, count));
    for (int i = 0; i < count; i++) {
      state.update(steps[i].changes());
    }
    return state.snapshot();
  }

  private static ServerFamily familyOf(Step[] steps, int count) {
    return count == 0 ? ServerFamily.MARIADB : steps[0].changes().family();
  }

  /** All steps so far. */
  synchronized Step[] steps() {
    return Arrays.copyOf(steps, size);
  }

  /** The last entry at or before a position, or one that says "from the start". */
  Entry floor(long position) {
    Step[] all = steps();
    int count = 0;
    while (count < all.length && all[count].position() <= position) {
      count++;
    }
    long at = count == 0 ? BinlogFileFormat.FIRST_EVENT : all[count - 1].position();
    return new Entry(at, collect(all, count));
  }

  /**
   * The last entry at or before a position up to which all states are allowed; null if there is
   * none.
   */
  @Nullable Entry newest(long position, Predicate<GtidState> allowed) {
    Step[] all = steps();
    GtidState.Builder builder = GtidState.builder(familyOf(all, all.length));
    Entry found = null;
    for (Step step : all) {
      if (step.position() > position) {
        break;
      }
      builder.update(step.changes());
      GtidState state = builder.snapshot();
      if (!allowed.test(state)) {
        break;
      }
      found = new Entry(step.position(), state);
    }
    return found;
  }
}

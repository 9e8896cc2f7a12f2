package io.sluice.binlog.tool;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.FileWalk;
import io.sluice.binlog.store.OpenedFile;
import io.sluice.binlog.store.Sidecar;
import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds where transactions begin. Files that cannot have them, by the states or times in their
 * sidecars, are not read. For one search; blocks.
 */
final class GtidFinder {
  /**
   * A place.
   *
   * @param gtid empty if the transaction has none
   */
  record Place(String gtid, BinlogFileId file, long position) {}

  private final StoreView view;
  private final Consumer<Place> places;
  private final List<ViewedFile> skipped = new ArrayList<>();
  private @Nullable GtidState purged;
  private @Nullable GtidState written;

  /**
   * Prepares a search.
   *
   * @param places hears of each place as soon as it is found
   */
  GtidFinder(StoreView view, Consumer<Place> places) {
    this.view = view;
    this.places = places;
  }

  /** What was in front of the oldest file, after {@link #find}. */
  GtidState purged() {
    return purged == null ? GtidState.empty(ServerFamily.MARIADB) : purged;
  }

  /** Searches all files. */
  void find(GtidQuery query) throws IOException {
    List<ViewedFile> files = view.files();
    for (ViewedFile file : files) {
      search(file, query, FileNames.isNewest(files, file), false);
    }
    GtidState before = purged;
    if (before instanceof MySqlGtidSet set) {
      purged = set.union(view.absent());
    }
    // A server may write its numbers out of order; then states do not tell where they are.
    GtidState all = written;
    if (all != null && query.isStillMissing(purged(), all)) {
      for (ViewedFile file : new ArrayList<>(skipped)) {
        search(file, query, false, true);
      }
    }
  }

  private void search(ViewedFile file, GtidQuery query, boolean newest, boolean thorough)
      throws IOException {
    Sidecar known = newest ? null : view.sidecar(file.id());
    // An archived file does not change, and may be out of reach.
    if (known != null && file.archived() && !thorough && isElsewhere(file, query, known)) {
      return;
    }
    try (OpenedFile opened = view.open(file)) {
      Sidecar sidecar = known;
      if (sidecar != null && sidecar.size() != opened.size()) {
        sidecar = null;
      }
      FileWalk walk = null;
      if (sidecar != null && !thorough) {
        if (isElsewhere(file, query, sidecar)) {
          return;
        }
        GtidQuery inside = query.between(startOf(sidecar), sidecar.end());
        walk = opened.walk(sidecar.size(), sidecar.index(), state -> !inside.isAnyIn(state));
      }
      if (walk == null) {
        walk = opened.walk(newest ? opened.walk(opened.size()).toEnd() : opened.size());
      }
      search(file, query, walk);
      if (sidecar == null) {
        see(walk.start(), walk.state());
        requireFamily(query, walk.state(), file);
      }
      if (!walk.problem().isEmpty()) {
        throw new IOException(file.id() + ": at " + walk.position() + ": " + walk.problem());
      }
    } catch (NoSuchFileException e) {
      skipped.remove(file);
    }
  }

  private static GtidState startOf(Sidecar sidecar) {
    GtidState start = sidecar.start();
    return start == null ? GtidState.empty(sidecar.end().family()) : start;
  }

  /** Tells whether a file has nothing of what is looked for, by its sidecar. */
  private boolean isElsewhere(ViewedFile file, GtidQuery query, Sidecar sidecar) {
    see(sidecar.start(), sidecar.end());
    requireFamily(query, sidecar.end(), file);
    boolean elsewhere = !query.isAnyBetween(startOf(sidecar), sidecar.end());
    if (elsewhere) {
      skipped.add(file);
    }
    return elsewhere;
  }

  private void see(@Nullable GtidState start, GtidState end) {
    if (purged == null) {
      purged = start;
    }
    written = end;
  }

  private static void requireFamily(GtidQuery query, GtidState state, ViewedFile file) {
    if (!state.isEmpty() && state.family() != query.family()) {
      throw new ToolException(
          "GTID: of "
              + query.family().label()
              + " (expected: of "
              + state.family().label()
              + ", as those of "
              + file.id()
              + ")");
    }
  }

  private void search(ViewedFile file, GtidQuery query, FileWalk walk) throws IOException {
    while (walk.next()) {
      String gtid = query.take(walk);
      if (gtid != null) {
        places.accept(new Place(gtid, file.id(), walk.position()));
      }
    }
  }

  /**
   * Finds the first transaction that has an event which is not older than a time.
   *
   * @return false if there is none
   */
  boolean findTime(long seconds) throws IOException {
    List<ViewedFile> files = view.files();
    for (ViewedFile file : files) {
      boolean newest = FileNames.isNewest(files, file);
      Sidecar sidecar = newest ? null : view.sidecar(file.id());
      if (sidecar != null && sidecar.lastTime() < seconds) {
        continue;
      }
      try (OpenedFile opened = view.open(file)) {
        Place place = firstSince(seconds, file, opened.walk(opened.size()));
        if (place != null) {
          places.accept(place);
          return true;
        }
      } catch (NoSuchFileException e) {
        // Purged meanwhile: what comes next is the oldest then.
      }
    }
    return false;
  }

  private static @Nullable Place firstSince(long seconds, ViewedFile file, FileWalk walk)
      throws IOException {
    Place group = null;
    boolean wanted = false;
    while (walk.next()) {
      if (walk.beginsGroup()) {
        group = new Place(GtidQuery.text(walk), file.id(), walk.position());
        wanted = false;
      }
      wanted |= isOfGroup(walk.type()) && time(walk) >= seconds;
      if (wanted && group != null && walk.safeEnd() == walk.nextPosition()) {
        return group;
      }
    }
    return null;
  }

  private static long time(FileWalk walk) {
    return EventHeader.timestamp(walk.window(), walk.index());
  }

  private static boolean isOfGroup(EventType type) {
    return switch (type) {
      case ROTATE, STOP, FORMAT_DESCRIPTION, MARIADB_GTID_LIST, PREVIOUS_GTIDS, BINLOG_CHECKPOINT ->
          false;
      default -> true;
    };
  }
}

package io.sluice.binlog.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one folder: what the operating system knows, what the disk has for sure, and the
 * changes in between. Guarded by the {@link SimulatedDisk}.
 */
final class SimulatedFolder implements SimulatedNode {
  /** A change that is not forced: one name goes, or another one means a node, or both at once. */
  private record Change(
      @Nullable String gone, @Nullable String name, @Nullable SimulatedNode node) {}

  private final Map<String, SimulatedNode> entries = new TreeMap<>();
  private final Map<String, SimulatedNode> durable = new TreeMap<>();
  private final List<Change> unforced = new ArrayList<>();

  @Nullable SimulatedNode get(String name) {
    return entries.get(name);
  }

  Iterable<String> names() {
    return List.copyOf(entries.keySet());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  void add(String name, SimulatedNode node) {
    change(new Change(null, name, node));
  }

  void remove(String name) {
    change(new Change(name, null, null));
  }

  void rename(String from, String to) {
    change(new Change(from, to, entries.get(from)));
  }

  private void change(Change change) {
    unforced.add(change);
    apply(change, entries);
  }

  private static void apply(Change change, Map<String, SimulatedNode> to) {
    if (change.gone() != null) {
      to.remove(change.gone());
    }
    if (change.name() != null && change.node() != null) {
      to.put(change.name(), change.node());
    }
  }

  void force() {
    durable.clear();
    durable.putAll(entries);
    unforced.clear();
  }

  /**
   * The same folder and all in it, as another run finds it if nothing but the process ended.
   *
   * @param known gets what was copied from what
   */
  SimulatedFolder copy(Map<SimulatedNode, SimulatedNode> known) {
    SimulatedFolder copy = new SimulatedFolder();
    known.put(this, copy);
    entries.forEach((name, node) -> copy.entries.put(name, copyOf(node, known)));
    durable.forEach((name, node) -> copy.durable.put(name, copyOf(node, known)));
    for (Change change : unforced) {
      SimulatedNode node = change.node();
      copy.unforced.add(
          new Change(change.gone(), change.name(), node == null ? null : copyOf(node, known)));
    }
    return copy;
  }

  private static SimulatedNode copyOf(SimulatedNode node, Map<SimulatedNode, SimulatedNode> known) {
    SimulatedNode copied = known.get(node);
    if (copied != null) {
      return copied;
    }
    if (node instanceof SimulatedFolder folder) {
      return folder.copy(known);
    }
    SimulatedNode copy = ((SimulatedFile) node).copy();
    known.put(node, copy);
    return copy;
  }

  /** The same folder and all in it after the power was lost. */
  SimulatedFolder survivor(Survival survival, Random random) {
    Map<String, SimulatedNode> left = new TreeMap<>(durable);
    int keep = survival == Survival.BEGINNING ? random.nextInt(unforced.size() + 1) : 0;
    for (int i = 0; i < unforced.size(); i++) {
      boolean kept =
          switch (survival) {
            case KILLED_PROCESS, EVERYTHING -> true;
            case NOTHING -> false;
            case BEGINNING -> i < keep;
            case ANYTHING, SIZE_WITHOUT_BYTES -> random.nextBoolean();
          };
      if (kept) {
        apply(unforced.get(i), left);
      }
    }
    SimulatedFolder next = new SimulatedFolder();
    left.forEach(
        (name, node) ->
            next.entries.put(
                name,
                node instanceof SimulatedFolder folder
                    ? folder.survivor(survival, random)
                    : ((SimulatedFile) node).survivor(survival, random)));
    next.durable.putAll(next.entries);
    return next;
  }
}

package io.sluice.binlog.gtid;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A set of MySQL GTIDs, as in {@code gtid_executed} and PREVIOUS_GTIDS: the numbers of each {@link
 * MySqlTsid}. Immutable; {@link Builder} collects. Sets that were taken from one builder one after
 * the other share what did not change, so that comparing them is cheap.
 */
public final class MySqlGtidSet implements GtidState {
  /** No GTID at all. */
  public static final MySqlGtidSet EMPTY =
      new MySqlGtidSet(new MySqlTsid[0], new GtidIntervals[0], 0);

  /** The largest number of a GTID. */
  public static final long MAX_NUMBER = Long.MAX_VALUE - 1;

  private final MySqlTsid[] tsids;
  private final GtidIntervals[] numbers;
  private final int size;

  private MySqlGtidSet(MySqlTsid[] tsids, GtidIntervals[] numbers, int size) {
    this.tsids = tsids;
    this.numbers = numbers;
    this.size = size;
  }

  /**
   * Parses {@code uuid:1-5:8:tag:1,uuid:…}, as liberal as the server.
   *
   * @throws GtidFormatException (1772) if malformed
   */
  public static MySqlGtidSet parse(String text) {
    return new MySqlGtidParser(text).parse();
  }

  /**
   * Reads the encoding of PREVIOUS_GTIDS and COM_BINLOG_DUMP_GTID, with or without tags.
   *
   * @throws GtidFormatException (1773) if malformed, also if something follows
   */
  public static MySqlGtidSet decode(ByteBuf in, int index, int length) {
    return MySqlGtidCodec.decode(in, index, length);
  }

  /** Takes another state for a GTID set. */
  public static MySqlGtidSet of(GtidState state) {
    if (state instanceof MySqlGtidSet set) {
      return set;
    }
    if (state.isEmpty()) {
      return EMPTY;
    }
    throw new IllegalArgumentException("GTID state: " + state + " (expected: a MySQL GTID set)");
  }

  /**
   * Writes the encoding that the server writes: the old one if there are no tags.
   *
   * @param skipTagged leaves out what has a tag, for a server before 8.3
   */
  public void encode(ByteBuf out, boolean skipTagged) {
    MySqlGtidCodec.encode(this, out, skipTagged);
  }

  @Override
  public ServerFamily family() {
    return ServerFamily.MYSQL;
  }

  /** Number of (UUID, tag) pairs. */
  public int size() {
    return size;
  }

  /** A pair; they are ordered. */
  public MySqlTsid tsid(int i) {
    return tsids[i];
  }

  GtidIntervals numbers(int i) {
    return numbers[i];
  }

  @Override
  public boolean isEmpty() {
    return size == 0;
  }

  /** Tells whether any GTID has a tag. */
  public boolean hasTags() {
    for (int i = 0; i < size; i++) {
      if (tsids[i].isTagged()) {
        return true;
      }
    }
    return false;
  }

  /** Number of intervals. */
  public int intervals() {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += numbers[i].size();
    }
    return count;
  }

  /** Number of GTIDs; {@link Long#MAX_VALUE} if there are more. */
  public long count() {
    long count = 0;
    for (int i = 0; i < size; i++) {
      count += numbers[i].count();
      if (count < 0) {
        return Long.MAX_VALUE;
      }
    }
    return count;
  }

  private int find(long high, long low, String tag) {
    int from = 0;
    int to = size - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      MySqlTsid there = tsids[middle];
      int order = Long.compareUnsigned(there.high(), high);
      if (order == 0) {
        order = Long.compareUnsigned(there.low(), low);
      }
      if (order == 0) {
        order = there.tag().compareTo(tag);
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -from - 1;
  }

  /** Tells whether a GTID is in the set. Allocates nothing. */
  public boolean contains(long high, long low, String tag, long number) {
    int at = find(high, low, tag);
    return at >= 0 && numbers[at].contains(number);
  }

  /** Tells whether a GTID is in the set. */
  public boolean contains(MySqlTsid tsid, long number) {
    return contains(tsid.high(), tsid.low(), tsid.tag(), number);
  }

  @Override
  public boolean contains(GtidState other) {
    return containsAll(of(other));
  }

  /** What is shared need not be compared. */
  private static boolean same(Object one, Object other) {
    return one == other;
  }

  /** Tells whether the other one is a subset. */
  public boolean containsAll(MySqlGtidSet other) {
    if (same(other, this) || other.isEmpty()) {
      return true;
    }
    int at = 0;
    for (int i = 0; i < other.size; i++) {
      while (at < size && tsids[at].compareTo(other.tsids[i]) < 0) {
        at++;
      }
      if (at == size
          || !tsids[at].equals(other.tsids[i])
          || !(same(numbers[at], other.numbers[i]) || numbers[at].containsAll(other.numbers[i]))) {
        return false;
      }
    }
    return true;
  }

  /** The GTIDs of one server, tagged ones too. */
  public MySqlGtidSet ofServer(UUID server) {
    MySqlTsid wanted = MySqlTsid.of(server);
    Result out = new Result(size);
    for (int i = 0; i < size; i++) {
      if (tsids[i].hasUuidOf(wanted)) {
        out.add(tsids[i], numbers[i]);
      }
    }
    return out.set();
  }

  /** The GTIDs of both sets. */
  public MySqlGtidSet union(MySqlGtidSet other) {
    if (isEmpty() || same(other, this)) {
      return other;
    }
    return other.isEmpty() ? this : merge(other, true, true, GtidIntervals::union);
  }

  /** The GTIDs that are not in the other set. */
  public MySqlGtidSet subtract(MySqlGtidSet other) {
    if (same(other, this) || isEmpty()) {
      return EMPTY;
    }
    return other.isEmpty()
        ? this
        : merge(other, true, false, (mine, theirs) -> mine.subtract(theirs));
  }

  /** The GTIDs that are in both sets. */
  public MySqlGtidSet intersect(MySqlGtidSet other) {
    return same(other, this)
        ? this
        : merge(other, false, false, (mine, theirs) -> mine.intersect(theirs));
  }

  private interface Operation {
    @Nullable GtidIntervals apply(GtidIntervals mine, GtidIntervals theirs);
  }

  private MySqlGtidSet merge(
      MySqlGtidSet other, boolean keepMine, boolean keepTheirs, Operation both) {
    Result out = new Result(size + other.size);
    int mine = 0;
    int theirs = 0;
    while (mine < size || theirs < other.size) {
      int order =
          mine == size ? 1 : theirs == other.size ? -1 : tsids[mine].compareTo(other.tsids[theirs]);
      if (order < 0) {
        if (keepMine) {
          out.add(tsids[mine], numbers[mine]);
        }
        mine++;
      } else if (order > 0) {
        if (keepTheirs) {
          out.add(other.tsids[theirs], other.numbers[theirs]);
        }
        theirs++;
      } else {
        out.add(tsids[mine], both.apply(numbers[mine], other.numbers[theirs]));
        mine++;
        theirs++;
      }
    }
    return out.set();
  }

  /** The sets of one result, in order. */
  private static final class Result {
    private final MySqlTsid[] tsids;
    private final GtidIntervals[] numbers;
    private int size;

    Result(int room) {
      tsids = new MySqlTsid[room];
      numbers = new GtidIntervals[room];
    }

    void add(MySqlTsid tsid, @Nullable GtidIntervals intervals) {
      if (intervals != null) {
        tsids[size] = tsid;
        numbers[size] = intervals;
        size++;
      }
    }

    MySqlGtidSet set() {
      return size == 0 ? EMPTY : new MySqlGtidSet(tsids, numbers, size);
    }
  }

  @Override
  public MySqlGtidSet changesSince(GtidState older) {
    MySqlGtidSet before = of(older);
    Result out = new Result(size);
    int known = 0;
    for (int i = 0; i < size; i++) {
      while (known < before.size && before.tsids[known].compareTo(tsids[i]) < 0) {
        known++;
      }
      if (known == before.size || !before.tsids[known].equals(tsids[i])) {
        out.add(tsids[i], numbers[i]);
      } else if (!same(before.numbers[known], numbers[i])) {
        out.add(tsids[i], numbers[i].subtract(before.numbers[known]));
      }
    }
    return out.set();
  }

  @Override
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.set(this);
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MySqlGtidSet set
        && Arrays.equals(tsids, 0, size, set.tsids, 0, set.size)
        && Arrays.equals(numbers, 0, size, set.numbers, 0, set.size);
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < size; i++) {
      hash = 31 * (31 * hash + tsids[i].hashCode()) + numbers[i].hashCode();
    }
    return hash;
  }

  @Override
  public String positionText() {
    return toString();
  }

  /** The text of {@code gtid_executed}: a new line behind the comma between two UUIDs. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < size; i++) {
      if (i == 0 || !tsids[i].hasUuidOf(tsids[i - 1])) {
        out.append(i == 0 ? "" : ",\n").append(tsids[i].uuid());
      }
      if (tsids[i].isTagged()) {
        out.append(':').append(tsids[i].tag());
      }
      numbers[i].print(out);
    }
    return out.toString();
  }

  /**
   * Collects GTIDs. Confined to one thread; taking the GTID that follows the last one of its pair
   * allocates nothing.
   */
  public static final class Builder implements GtidState.Builder {
    private final NavigableMap<MySqlTsid, GtidRun> runs = new TreeMap<>();
    private @Nullable GtidRun recent;
    private @Nullable MySqlGtidSet snapshot = EMPTY;

    @Override
    public ServerFamily family() {
      return ServerFamily.MYSQL;
    }

    @Override
    public boolean isEmpty() {
      return runs.isEmpty();
    }

    @Override
    public void set(GtidState state) {
      MySqlGtidSet set = of(state);
      runs.clear();
      for (int i = 0; i < set.size; i++) {
        runs.put(set.tsids[i], new GtidRun(set.tsids[i], set.numbers[i]));
      }
      recent = null;
      snapshot = set;
    }

    /** Takes a GTID, 1 to {@link #MAX_NUMBER}. */
    public void add(long high, long low, String tag, long number) {
      if (number < 1 || number > MAX_NUMBER) {
        throw new IllegalArgumentException(
            "GTID number: " + number + " (expected: 1 to " + MAX_NUMBER + ")");
      }
      GtidRun run = recent;
      if (run == null || !run.tsid.is(high, low, tag)) {
        run = run(new MySqlTsid(high, low, tag));
      }
      if (run.add(number, number + 1)) {
        snapshot = null;
      }
    }

    /** Takes numbers of a pair. */
    void add(MySqlTsid tsid, long start, long end) {
      if (run(tsid).add(start, end)) {
        snapshot = null;
      }
    }

    private GtidRun run(MySqlTsid tsid) {
      GtidRun run = runs.computeIfAbsent(tsid, GtidRun::new);
      recent = run;
      return run;
    }

    @Override
    public void update(GtidState changes) {
      MySqlGtidSet set = of(changes);
      for (int i = 0; i < set.size; i++) {
        if (run(set.tsids[i]).addAll(set.numbers[i])) {
          snapshot = null;
        }
      }
    }

    @Override
    public MySqlGtidSet snapshot() {
      MySqlGtidSet known = snapshot;
      if (known == null) {
        Result all = new Result(runs.size());
        runs.values().forEach(run -> all.add(run.tsid, run.snapshot()));
        known = all.set();
        snapshot = known;
      }
      return known;
    }
  }
}

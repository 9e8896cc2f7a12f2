package io.sluice.binlog.gtid;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The GTID state of a MariaDB log: the last sequence number of each (domain, server) pair, as in
 * {@code gtid_binlog_state} and GTID_LIST. Domains are ascending; inside a domain the pair that was
 * written last stands last. Immutable; {@link Builder} collects.
 */
public final class MariaDbBinlogState implements GtidState {
  /** Bytes of one entry in a GTID_LIST. */
  public static final int ENTRY_SIZE = 16;

  /** Nothing was written. */
  public static final MariaDbBinlogState EMPTY = new MariaDbBinlogState(new long[0]);

  private static final int DOMAIN = 0;
  private static final int SERVER = 1;
  private static final int SEQUENCE = 2;
  private static final int WIDTH = 3;

  /** Triples of domain, server, sequence. */
  private final long[] data;

  private MariaDbBinlogState(long[] data) {
    this.data = data;
  }

  /** Makes a state from ids in the order in which they were written. */
  public static MariaDbBinlogState of(Iterable<MariaDbGtid> gtids) {
    Builder builder = new Builder();
    for (MariaDbGtid gtid : gtids) {
      builder.update(gtid.domain(), gtid.server(), gtid.sequence());
    }
    return builder.snapshot();
  }

  /**
   * Reads the entries of a GTID_LIST.
   *
   * @param count entries; the caller has checked that the buffer holds them
   */
  public static MariaDbBinlogState decode(ByteBuf in, int index, int count) {
    Builder builder = new Builder();
    for (int i = 0; i < count; i++) {
      int at = index + i * ENTRY_SIZE;
      builder.update(in.getUnsignedIntLE(at), in.getUnsignedIntLE(at + 4), in.getLongLE(at + 8));
    }
    return builder.snapshot();
  }

  /**
   * Parses {@code d-s-n,d-s-n…} with the last of a domain standing last, as {@code
   * gtid_binlog_state} is printed.
   *
   * @throws GtidFormatException (1941) if malformed
   */
  public static MariaDbBinlogState parse(String text) {
    MariaDbGtidParser parser = new MariaDbGtidParser(text);
    Builder builder = new Builder();
    while (!parser.atEnd()) {
      if (builder.size() > 0) {
        parser.expect(',');
      }
      MariaDbGtid gtid = parser.next();
      builder.update(gtid.domain(), gtid.server(), gtid.sequence());
    }
    return builder.snapshot();
  }

  /** Takes another state for one of a MariaDB log. */
  public static MariaDbBinlogState of(GtidState state) {
    if (state instanceof MariaDbBinlogState mariaDb) {
      return mariaDb;
    }
    if (state.isEmpty()) {
      return EMPTY;
    }
    throw new IllegalArgumentException("GTID state: " + state + " (expected: of a MariaDB log)");
  }

  @Override
  public ServerFamily family() {
    return ServerFamily.MARIADB;
  }

  /** Writes the entries of a GTID_LIST, without the count. */
  public void encode(ByteBuf out) {
    for (int i = 0; i < data.length; i += WIDTH) {
      out.writeIntLE((int) data[i + DOMAIN]);
      out.writeIntLE((int) data[i + SERVER]);
      out.writeLongLE(data[i + SEQUENCE]);
    }
  }

  /** Number of (domain, server) pairs. */
  public int size() {
    return data.length / WIDTH;
  }

  @Override
  public boolean isEmpty() {
    return data.length == 0;
  }

  /** An entry. */
  public MariaDbGtid get(int i) {
    int at = i * WIDTH;
    return new MariaDbGtid(data[at + DOMAIN], data[at + SERVER], data[at + SEQUENCE]);
  }

  /** Tells whether an entry is the most recent one of its domain. */
  public boolean isLastOfDomain(int i) {
    int next = (i + 1) * WIDTH;
    return next >= data.length || data[next] != data[next - WIDTH];
  }

  /** The last id that a server wrote in a domain, or null. */
  public @Nullable MariaDbGtid find(long domain, long server) {
    for (int i = 0; i < size(); i++) {
      if (data[i * WIDTH + DOMAIN] == domain && data[i * WIDTH + SERVER] == server) {
        return get(i);
      }
    }
    return null;
  }

  /** The most recent id of a domain, or null. */
  public @Nullable MariaDbGtid last(long domain) {
    for (int i = size() - 1; i >= 0; i--) {
      if (data[i * WIDTH + DOMAIN] == domain) {
        return get(i);
      }
    }
    return null;
  }

  /** Tells whether a server's id with at least this sequence number was written. */
  public boolean contains(MariaDbGtid gtid) {
    MariaDbGtid known = find(gtid.domain(), gtid.server());
    return known != null && known.reaches(gtid.sequence());
  }

  @Override
  public boolean contains(GtidState other) {
    return of(other).position().gtids().stream().allMatch(this::contains);
  }

  /** The most recent id of each domain: {@code gtid_binlog_pos}. */
  public MariaDbGtidList position() {
    List<MariaDbGtid> last = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      if (isLastOfDomain(i)) {
        last.add(get(i));
      }
    }
    return MariaDbGtidList.of(last);
  }

  @Override
  public MariaDbBinlogState changesSince(GtidState older) {
    MariaDbBinlogState before = of(older);
    long[] changes = new long[data.length];
    int end = 0;
    int known = 0;
    for (int at = 0; at < data.length; at += WIDTH) {
      if (at == 0 || data[at] != data[at - WIDTH]) {
        known = before.firstOf(data[at]);
      }
      // Pairs that were not written keep their order, in front of those that were.
      while (known < before.data.length
          && before.data[known] == data[at]
          && !Arrays.equals(before.data, known, known + WIDTH, data, at, at + WIDTH)) {
        known += WIDTH;
      }
      if (known < before.data.length && before.data[known] == data[at]) {
        known += WIDTH;
      } else {
        System.arraycopy(data, at, changes, end, WIDTH);
        end += WIDTH;
      }
    }
    return end == 0 ? EMPTY : new MariaDbBinlogState(Arrays.copyOf(changes, end));
  }

  /** Where the entries of a domain begin, or the end of the data. */
  private int firstOf(long domain) {
    int at = 0;
    while (at < data.length && data[at] != domain) {
      at += WIDTH;
    }
    return at;
  }

  @Override
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.set(this);
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MariaDbBinlogState state && Arrays.equals(data, state.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data);
  }

  @Override
  public String positionText() {
    return position().toString();
  }

  /** The text of {@code gtid_binlog_state}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(get(i));
    }
    return out.toString();
  }

  /**
   * Collects ids in the order in which they are written. Confined to one thread; an update of a
   * known pair allocates nothing.
   */
  public static final class Builder implements GtidState.Builder {
    private long[] data = new long[4 * WIDTH];
    private int end;

    @Override
    public ServerFamily family() {
      return ServerFamily.MARIADB;
    }

    @Override
    public boolean isEmpty() {
      return end == 0;
    }

    @Override
    public void set(GtidState state) {
      long[] taken = of(state).data;
      data = Arrays.copyOf(taken, Math.max(taken.length, 4 * WIDTH));
      end = taken.length;
    }

    /** Number of (domain, server) pairs. */
    public int size() {
      return end / WIDTH;
    }

    /** Takes an id as the most recent one of its domain. */
    public void update(long domain, long server, long sequence) {
      int from = 0;
      while (from < end && data[from + DOMAIN] < domain) {
        from += WIDTH;
      }
      int to = from;
      int known = -1;
      while (to < end && data[to + DOMAIN] == domain) {
        if (data[to + SERVER] == server) {
          known = to;
        }
        to += WIDTH;
      }
      int last;
      if (known >= 0) {
        System.arraycopy(data, known + WIDTH, data, known, to - known - WIDTH);
        last = to - WIDTH;
      } else {
        if (end == data.length) {
          data = Arrays.copyOf(data, end * 2);
        }
        System.arraycopy(data, to, data, to + WIDTH, end - to);
        end += WIDTH;
        last = to;
      }
      data[last + DOMAIN] = domain;
      data[last + SERVER] = server;
      data[last + SEQUENCE] = sequence;
    }

    /** Takes all entries of a state, in their order. */
    @Override
    public void update(GtidState changes) {
      long[] written = of(changes).data;
      for (int at = 0; at < written.length; at += WIDTH) {
        update(written[at + DOMAIN], written[at + SERVER], written[at + SEQUENCE]);
      }
    }

    @Override
    public MariaDbBinlogState snapshot() {
      return end == 0 ? EMPTY : new MariaDbBinlogState(Arrays.copyOf(data, end));
    }
  }
}

package io.sluice.binlog.gtid;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB GTID position: at most one id per domain, as in {@code gtid_slave_pos} and
 * {@code @slave_connect_state}. Ordered by domain. Immutable.
 */
public final class MariaDbGtidList implements Iterable<MariaDbGtid> {
  /** No domain at all. */
  public static final MariaDbGtidList EMPTY = new MariaDbGtidList(List.of());

  private final List<MariaDbGtid> gtids;

  private MariaDbGtidList(List<MariaDbGtid> gtids) {
    this.gtids = gtids;
  }

  /**
   * Makes a position.
   *
   * @throws GtidFormatException (1943) if two ids have one domain
   */
  public static MariaDbGtidList of(Collection<MariaDbGtid> gtids) {
    List<MariaDbGtid> sorted = new ArrayList<>(gtids);
    sorted.sort(Comparator.comparingLong(MariaDbGtid::domain));
    for (int i = 1; i < sorted.size(); i++) {
      MariaDbGtid one = sorted.get(i - 1);
      MariaDbGtid two = sorted.get(i);
      if (one.domain() == two.domain()) {
        throw new GtidFormatException(
            GtidFormatException.DUPLICATE_DOMAIN,
            "GTID " + two + " and " + one + " conflict (duplicate domain id " + one.domain() + ")");
      }
    }
    return sorted.isEmpty() ? EMPTY : new MariaDbGtidList(Collections.unmodifiableList(sorted));
  }

  /** Makes a position. */
  public static MariaDbGtidList of(MariaDbGtid... gtids) {
    return of(List.of(gtids));
  }

  /**
   * Parses {@code d-s-n,d-s-n…}; the empty text is the empty position.
   *
   * @throws GtidFormatException with the code and text of the server
   */
  public static MariaDbGtidList parse(String text) {
    MariaDbGtidParser parser = new MariaDbGtidParser(text);
    List<MariaDbGtid> gtids = new ArrayList<>();
    while (!parser.atEnd()) {
      if (!gtids.isEmpty()) {
        parser.expect(',');
      }
      gtids.add(parser.next());
    }
    return of(gtids);
  }

  /** The id of a domain, or null. */
  public @Nullable MariaDbGtid get(long domain) {
    for (MariaDbGtid gtid : gtids) {
      if (gtid.domain() == domain) {
        return gtid;
      }
    }
    return null;
  }

  /** Number of domains. */
  public int size() {
    return gtids.size();
  }

  /** Tells whether no domain is in it. */
  public boolean isEmpty() {
    return gtids.isEmpty();
  }

  /** The ids, ordered by domain. */
  public List<MariaDbGtid> gtids() {
    return gtids;
  }

  @Override
  public Iterator<MariaDbGtid> iterator() {
    return gtids.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MariaDbGtidList list && gtids.equals(list.gtids);
  }

  @Override
  public int hashCode() {
    return gtids.hashCode();
  }

  /** The text that the server prints: {@code 0-1-5,1-1-3}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (MariaDbGtid gtid : gtids) {
      if (out.length() > 0) {
        out.append(',');
      }
      out.append(gtid);
    }
    return out.toString();
  }
}

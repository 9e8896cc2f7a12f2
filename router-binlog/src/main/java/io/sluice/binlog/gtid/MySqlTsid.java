package io.sluice.binlog.gtid;

import java.util.UUID;

/**
 * Where MySQL transactions come from: the UUID of a server and, since 8.3, a tag. GTIDs of one such
 * pair are numbered from 1. Ordered as servers print them. Immutable.
 *
 * @param high the first eight bytes of the UUID, big-endian
 * @param low the last eight bytes of the UUID, big-endian
 * @param tag in lower case; empty for none
 */
public record MySqlTsid(long high, long low, String tag) implements Comparable<MySqlTsid> {
  /** Characters of the longest tag. */
  public static final int MAX_TAG = 32;

  /** Checks the tag. */
  public MySqlTsid {
    if (!tag.isEmpty() && !isTag(tag)) {
      throw new IllegalArgumentException(
          "tag: " + tag + " (expected: a-z or _, then up to 31 of a-z, 0-9, _)");
    }
  }

  /** Without a tag. */
  public static MySqlTsid of(UUID uuid) {
    return new MySqlTsid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), "");
  }

  /** Tells whether a text can be a tag as it is, in lower case. */
  public static boolean isTag(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (!(c == '_' || (c >= 'a' && c <= 'z') || (digit && i > 0))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_TAG;
  }

  /** The server. */
  public UUID uuid() {
    return new UUID(high, low);
  }

  /** Tells whether there is a tag. */
  public boolean isTagged() {
    return !tag.isEmpty();
  }

  boolean hasUuidOf(MySqlTsid other) {
    return high == other.high && low == other.low;
  }

  boolean is(long otherHigh, long otherLow, String otherTag) {
    return high == otherHigh && low == otherLow && tag.equals(otherTag);
  }

  @Override
  public int compareTo(MySqlTsid other) {
    int order = Long.compareUnsigned(high, other.high);
    if (order == 0) {
      order = Long.compareUnsigned(low, other.low);
    }
    return order == 0 ? tag.compareTo(other.tag) : order;
  }

  /** {@code uuid} or {@code uuid:tag}. */
  @Override
  public String toString() {
    return tag.isEmpty() ? uuid().toString() : uuid() + ":" + tag;
  }
}

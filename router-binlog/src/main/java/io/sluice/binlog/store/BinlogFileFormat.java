package io.sluice.binlog.store;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import java.util.Arrays;

/** Names and layout of stored files, in one place. Stateless. */
public final class BinlogFileFormat {
  /** Offset of the first event. */
  public static final int FIRST_EVENT = 4;

  /** Offset of the byte that holds the in-use flag of an open file. */
  public static final int IN_USE_OFFSET = FIRST_EVENT + EventHeader.FLAGS_OFFSET;

  private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};
  private static final int MAX_NAME = 255;
  private static final int MAX_DIGITS = 18;

  /** The largest GTID_LIST or PREVIOUS_GTIDS that is understood: some four million intervals. */
  static final int MAX_START_STATE = 64 << 20;

  private BinlogFileFormat() {}

  /** Tells whether an event must be whole in memory to be understood, however large it is. */
  static boolean isStartState(EventType type) {
    return type == EventType.MARIADB_GTID_LIST || type == EventType.PREVIOUS_GTIDS;
  }

  /** The four bytes in front of the first event. */
  public static byte[] magic() {
    return MAGIC.clone();
  }

  /** Tells whether bytes begin with the magic. */
  public static boolean hasMagic(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** The numeric suffix behind the last dot, or -1 if there is none. */
  public static long number(String name) {
    int dot = name.lastIndexOf('.');
    int digits = name.length() - dot - 1;
    if (dot < 1 || digits < 1 || digits > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = dot + 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  /** The name without its numeric suffix; the name itself if it has none. */
  public static String base(String name) {
    return number(name) < 0 ? name : name.substring(0, name.lastIndexOf('.'));
  }

  /** Tells whether a name can be stored: a plain file name with a numeric suffix. */
  public static boolean isValidName(String name) {
    if (name.length() > MAX_NAME || number(name) < 0 || name.startsWith(".")) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c == '/' || c == '\\' || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}

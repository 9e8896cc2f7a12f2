package io.sluice.mysql.sql;

/** What single bytes of SQL are, and where quoted texts end. Stateless. */
final class SqlBytes {

  static final int BLANK = 1;
  static final int NAME = 2;
  static final int DIGIT = 4;

  /** In the answer of {@link #quoted}: a backslash stands in the text. */
  static final long BACKSLASH = 1L << 32;

  /**
   * In the answer of {@link #quoted}: a character is cut, and a server may take the quote for it.
   */
  static final long CUT = 1L << 33;

  /** The answer of {@link #quoted} for a text without end. */
  static final long OPEN = -1;

  private static final byte[] CLASSES = classes();

  private SqlBytes() {}

  static boolean is(byte b, int what) {
    return (CLASSES[b & 0xFF] & what) != 0;
  }

  static int upper(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }

  static boolean textEquals(byte[] sql, int from, int to, String upper) {
    if (to - from != upper.length()) {
      return false;
    }
    for (int i = 0; i < upper.length(); i++) {
      if (upper(sql[from + i]) != upper.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The index behind a quoted text that begins at {@code from}, with {@link #BACKSLASH} and {@link
   * #CUT} added, or {@link #OPEN}.
   */
  static long quoted(byte[] sql, int from, int limit, boolean escapes) {
    byte quote = sql[from];
    long notes = 0;
    int i = from + 1;
    while (i < limit) {
      byte b = sql[i];
      if (b == quote) {
        if (i + 1 >= limit || sql[i + 1] != quote) {
          return notes | i + 1;
        }
        i++;
      } else if (b == '\\') {
        notes |= BACKSLASH;
        i += escapes ? 1 : 0;
      } else if ((b & 0xC0) == 0xC0 && isCut(sql, i, limit)) {
        notes |= CUT;
      }
      i++;
    }
    return OPEN;
  }

  /** Whether what stands here looks like the first byte of UTF-8 without the rest of it. */
  private static boolean isCut(byte[] sql, int at, int limit) {
    int first = sql[at] & 0xFF;
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    for (int i = at + 1; i <= at + more; i++) {
      if (i >= limit || sql[i] >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether an ASCII word between bytes of 0x80 and above is one of these. */
  static boolean hasPieceIn(WordSet words, byte[] sql, int from, int to) {
    int piece = from;
    for (int i = from; i <= to; i++) {
      if (i == to || sql[i] < 0 || sql[i] == '.' || sql[i] == '@') {
        if (i > piece && words.contains(sql, piece, i)) {
          return true;
        }
        piece = i + 1;
      }
    }
    return false;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int b = 0; b < 256; b++) {
      boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (b == ' ' || (b >= '\t' && b <= '\r')) {
        classes[b] = BLANK;
      } else if (b >= '0' && b <= '9') {
        classes[b] = DIGIT | NAME;
      } else if (letter || b == '_' || b == '$' || b >= 128) {
        classes[b] = NAME;
      }
    }
    return classes;
  }
}

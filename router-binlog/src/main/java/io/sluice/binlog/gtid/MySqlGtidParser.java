package io.sluice.binlog.gtid;

import java.util.Locale;
import java.util.UUID;

/**
 * Reads MySQL GTID sets from text the way the server does: blanks around the parts, empty parts
 * between commas, UUIDs in three notations, intervals in any order, overlapping or backwards (which
 * are empty).
 */
final class MySqlGtidParser {
  private static final int SHOWN = 200;

  private final String text;
  private final MySqlGtidSet.Builder builder = new MySqlGtidSet.Builder();
  private int at;

  MySqlGtidParser(String text) {
    this.text = text;
  }

  MySqlGtidSet parse() {
    skipBlanks();
    while (true) {
      while (skip(',')) {
        skipBlanks();
      }
      if (at == text.length()) {
        return builder.snapshot();
      }
      parseServer();
      if (at < text.length() && text.charAt(at) != ',') {
        throw malformed();
      }
    }
  }

  private void parseServer() {
    UUID uuid = uuid();
    MySqlTsid tsid = MySqlTsid.of(uuid);
    skipBlanks();
    while (skip(':')) {
      skipBlanks();
      String tag = tag();
      if (!tag.isEmpty()) {
        tsid = new MySqlTsid(tsid.high(), tsid.low(), tag);
      } else {
        parseInterval(tsid);
      }
      skipBlanks();
    }
  }

  private void parseInterval(MySqlTsid tsid) {
    long start = number();
    if (start == 0) {
      throw malformed();
    }
    skipBlanks();
    long last = start;
    if (skip('-')) {
      last = number();
    }
    if (last >= start) {
      builder.add(tsid, start, last + 1);
    }
  }

  /** With dashes or without them, the former in braces too. */
  private UUID uuid() {
    boolean braces = skip('{');
    boolean dashes = at + 8 < text.length() && text.charAt(at + 8) == '-';
    StringBuilder digits = new StringBuilder(32);
    for (int i = 0; i < (dashes ? 36 : 32); i++) {
      boolean dash = dashes && (i == 8 || i == 13 || i == 18 || i == 23);
      if (at == text.length() || (dash ? text.charAt(at) != '-' : !isHex(text.charAt(at)))) {
        throw malformed();
      }
      if (!dash) {
        digits.append(text.charAt(at));
      }
      at++;
    }
    if (braces && !(dashes && skip('}'))) {
      throw malformed();
    }
    return new UUID(
        Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16));
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private String tag() {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    String tag = text.substring(at, end).toLowerCase(Locale.ROOT);
    if (tag.isEmpty() || (tag.charAt(0) >= '0' && tag.charAt(0) <= '9')) {
      return "";
    }
    if (!MySqlTsid.isTag(tag)) {
      throw malformed();
    }
    at = end;
    return tag;
  }

  private static boolean isWord(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private long number() {
    skipBlanks();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      long value = Long.parseLong(text, from, at, 10);
      if (value > MySqlGtidSet.MAX_NUMBER) {
        throw malformed();
      }
      return value;
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  private boolean skip(char wanted) {
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r\f\u000b".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private GtidFormatException malformed() {
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) : text;
    return new GtidFormatException(
        GtidFormatException.MALFORMED_SET, "Malformed GTID set specification '" + shown + "'.");
  }
}

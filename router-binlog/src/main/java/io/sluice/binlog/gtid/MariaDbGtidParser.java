package io.sluice.binlog.gtid;

/**
 * Reads GTIDs from text the way the server does: blanks are allowed in front of a number, nowhere
 * else.
 */
final class MariaDbGtidParser {
  private final String text;
  private int at;

  MariaDbGtidParser(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  MariaDbGtid next() {
    long domain = number(false);
    expect('-');
    long server = number(false);
    expect('-');
    return new MariaDbGtid(domain, server, number(true));
  }

  void expect(char wanted) {
    if (atEnd() || text.charAt(at) != wanted) {
      throw malformed();
    }
    at++;
  }

  void expectEnd() {
    if (!atEnd()) {
      throw malformed();
    }
  }

  private long number(boolean wide) {
    while (!atEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    int from = at;
    while (!atEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    int digits = at - from;
    if (digits == 0 || digits > 40) {
      throw malformed();
    }
    try {
      long value = Long.parseUnsignedLong(text, from, at, 10);
      if (!wide && (value < 0 || value > 0xffffffffL)) {
        throw malformed();
      }
      return value;
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  private static GtidFormatException malformed() {
    return new GtidFormatException(
        GtidFormatException.INCORRECT_STATE, "Could not parse GTID list");
  }
}

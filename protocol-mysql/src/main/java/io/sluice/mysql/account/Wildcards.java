package io.sluice.mysql.account;

/** The patterns of grant tables: {@code %}, {@code _} and the backslash. Stateless. */
final class Wildcards {

  private Wildcards() {}

  /**
   * Whether a pattern fits a whole text. Costs at most the product of both lengths, whatever stands
   * in them.
   */
  static boolean fits(String pattern, String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '%') {
        star = at++;
        resume = in;
      } else if (at < pattern.length() && fitsOne(pattern, at, text.charAt(in))) {
        at += length(pattern, at);
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '%') {
      at++;
    }
    return at == pattern.length();
  }

  /** How many characters of a pattern stand for one of the text, from that place on. */
  static int length(String pattern, int at) {
    return isEscape(pattern, at) ? 2 : 1;
  }

  /** Whether a pattern has a character there that stands for others. */
  static boolean isWild(String pattern, int at) {
    return pattern.charAt(at) == '%' || pattern.charAt(at) == '_';
  }

  /** How many characters stand before the first that is wild; all of them if none is. */
  static int literalPrefix(String pattern) {
    int at = 0;
    while (at < pattern.length() && !isWild(pattern, at)) {
      at += length(pattern, at);
    }
    return Math.min(at, pattern.length());
  }

  private static boolean isEscape(String pattern, int at) {
    return pattern.charAt(at) == '\\' && at + 1 < pattern.length();
  }

  private static boolean fitsOne(String pattern, int at, char c) {
    if (isEscape(pattern, at)) {
      return pattern.charAt(at + 1) == c;
    }
    return pattern.charAt(at) == '_' || pattern.charAt(at) == c;
  }
}

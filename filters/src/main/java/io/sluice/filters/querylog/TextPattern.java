package io.sluice.filters.querylog;

/**
 * A pattern with {@code *} for any text, compared with a whole text without regard to case. Unlike
 * a regular expression it cannot take time out of proportion, whatever a client sends. Immutable.
 */
final class TextPattern {

  private final String pattern;

  TextPattern(String pattern) {
    this.pattern = pattern;
  }

  boolean fits(String text) {
    int at = 0;
    int next = 0;
    int star = -1;
    int resume = 0;
    while (at < text.length()) {
      if (next < pattern.length() && pattern.charAt(next) == '*') {
        star = next++;
        resume = at;
      } else if (next < pattern.length() && same(pattern.charAt(next), text.charAt(at))) {
        next++;
        at++;
      } else if (star >= 0) {
        next = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (next < pattern.length() && pattern.charAt(next) == '*') {
      next++;
    }
    return next == pattern.length();
  }

  private static boolean same(char a, char b) {
    return a == b || Character.toLowerCase(a) == Character.toLowerCase(b);
  }

  @Override
  public String toString() {
    return pattern;
  }
}

package io.sluice.mysql.frontend;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a KILL statement asks for. Immutable.
 *
 * @param id the session; -1 if it names something else than a session by its number
 * @param connection whether the whole session shall end rather than what it does now
 */
record KillStatement(long id, boolean connection) {

  /** Something is to be killed that is not a session of ours by its number. */
  static final KillStatement OTHER = new KillStatement(-1, false);

  private static final Pattern BY_NUMBER =
      Pattern.compile(
          "KILL\\s+(?:(?:HARD|SOFT)\\s+)?(?:(CONNECTION|QUERY)\\s+)?(\\d{1,18})\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final String WORD = "KILL";

  /** Whether a text that begins like this may be one: cheap, and true too often. */
  static boolean mayBeginWith(int firstByte) {
    return switch (firstByte) {
      case 'k', 'K', '/', '-', '#', ' ', '\t', '\n', '\r', '\f', 0x0b -> true;
      default -> false;
    };
  }

  /** The statement; null if the text is something else. */
  static @Nullable KillStatement parse(String text) {
    int start = behindComments(text);
    if (!text.regionMatches(true, start, WORD, 0, WORD.length())) {
      return null;
    }
    int next = start + WORD.length();
    if (next < text.length() && isNamePart(text.charAt(next))) {
      return null;
    }
    Matcher number = BY_NUMBER.matcher(withoutComments(text.substring(start)));
    if (!number.matches()) {
      return OTHER;
    }
    String what = number.group(1);
    boolean query = what != null && what.toUpperCase(Locale.ROOT).equals("QUERY");
    return new KillStatement(Long.parseLong(number.group(2)), !query);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private static int behindComments(String text) {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = endOfComment(text, at);
      if (end < 0) {
        return at;
      }
      at = end;
    }
    return at;
  }

  private static String withoutComments(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = endOfComment(text, at);
      if (end < 0) {
        plain.append(text.charAt(at++));
      } else {
        plain.append(' ');
        at = end;
      }
    }
    return plain.toString();
  }

  /** Where the comment ends that begins here; -1 if none does. Executable ones are no comments. */
  private static int endOfComment(String text, int at) {
    int end;
    if (text.startsWith("/*", at) && !text.startsWith("/*!", at) && !text.startsWith("/*M!", at)) {
      end = text.indexOf("*/", at + 2);
      return end < 0 ? text.length() : end + 2;
    }
    boolean dashes =
        text.startsWith("--", at)
            && (at + 2 == text.length() || Character.isWhitespace(text.charAt(at + 2)));
    if (!dashes && text.charAt(at) != '#') {
      return -1;
    }
    end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end + 1;
  }
}

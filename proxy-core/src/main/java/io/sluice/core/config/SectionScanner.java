package io.sluice.core.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks a file that the configuration library has accepted already and tells where each section
 * begins. It knows just enough of HOCON for that: quoting, comments, nesting, dotted keys.
 */
final class SectionScanner {

  /** Gets to know each section. */
  interface Listener {
    /** A brace opened the section with this path, in this line. */
    void opened(List<String> path, int line);
  }

  /** Marks what stands in a list: it has no path. */
  private static final String ELEMENT = "[]";

  private static final String TRIPLE = "\"\"\"";

  private final String text;
  private final Listener listener;
  private final List<String> path = new ArrayList<>();
  private final Deque<Integer> depths = new ArrayDeque<>();
  private final List<String> key = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inValue;
  private boolean valueBegun;
  private int line = 1;
  private int at;

  private SectionScanner(String text, Listener listener) {
    this.text = text;
    this.listener = listener;
  }

  static void scan(String text, Listener listener) {
    new SectionScanner(text, listener).run();
  }

  private void run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#' || text.startsWith("//", at)) {
        skipLine();
      } else if (c == '"') {
        quoted();
      } else if (text.startsWith("${", at)) {
        at = Math.max(at + 1, text.indexOf('}', at));
        valueBegun = true;
        at++;
      } else {
        at++;
        plain(c);
      }
    }
  }

  private void plain(char c) {
    switch (c) {
      case '{' -> open(false);
      case '[' -> open(true);
      case '}', ']' -> close();
      case '=', ':' -> inValue = true;
      case ',' -> endField();
      case '\n' -> newLine();
      case '.' -> {
        if (!inValue) {
          endWord();
        }
      }
      default -> letter(c);
    }
  }

  private void letter(char c) {
    if (Character.isWhitespace(c)) {
      if (!inValue && word.toString().equals("include")) {
        skipLine();
        endField();
      }
    } else if (inValue) {
      valueBegun = true;
    } else if (c != '+') {
      word.append(c);
    }
  }

  private void newLine() {
    line++;
    if (inValue && valueBegun) {
      endField();
    }
  }

  private void open(boolean list) {
    endWord();
    depths.push(path.size());
    if (list) {
      path.add(ELEMENT);
    } else {
      path.addAll(key);
      if (!key.isEmpty() && !valueBegun) {
        listener.opened(path, line);
      }
    }
    endField();
  }

  private void close() {
    if (!depths.isEmpty()) {
      int depth = depths.pop();
      path.subList(depth, path.size()).clear();
    }
    endField();
  }

  private void quoted() {
    int end;
    if (text.startsWith(TRIPLE, at)) {
      end = text.indexOf(TRIPLE, at + TRIPLE.length());
      end = end < 0 ? text.length() : end + TRIPLE.length();
    } else {
      end = at + 1;
      while (end < text.length() && text.charAt(end) != '"') {
        end += text.charAt(end) == '\\' ? 2 : 1;
      }
      end = Math.min(end + 1, text.length());
      if (!inValue) {
        word.append(text, at + 1, Math.max(at + 1, end - 1));
      }
    }
    line += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
    valueBegun |= inValue;
    at = end;
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void endWord() {
    if (word.length() > 0) {
      key.add(word.toString());
      word.setLength(0);
    }
  }

  private void endField() {
    key.clear();
    word.setLength(0);
    inValue = false;
    valueBegun = false;
  }
}

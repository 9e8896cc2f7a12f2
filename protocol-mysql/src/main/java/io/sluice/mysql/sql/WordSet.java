package io.sluice.mysql.sql;

import java.util.Arrays;

/** A fixed set of ASCII words that finds bytes in any case without making objects. Immutable. */
final class WordSet {

  private final String[] slots;
  private final int longest;

  private WordSet(String[] words) {
    int size = Integer.highestOneBit(Math.max(4, words.length * 4));
    slots = new String[size];
    Arrays.fill(slots, "");
    int max = 0;
    for (String word : words) {
      int i = hash(word) & (size - 1);
      while (!slots[i].isEmpty()) {
        i = (i + 1) & (size - 1);
      }
      slots[i] = word;
      max = Math.max(max, word.length());
    }
    longest = max;
  }

  /** A set of words in upper case, with blanks between them. */
  static WordSet of(String words) {
    return new WordSet(words.trim().split("\\s+"));
  }

  boolean contains(byte[] bytes, int from, int to) {
    if (to - from > longest) {
      return false;
    }
    int i = hash(bytes, from, to) & (slots.length - 1);
    while (!slots[i].isEmpty()) {
      if (matches(slots[i], bytes, from, to)) {
        return true;
      }
      i = (i + 1) & (slots.length - 1);
    }
    return false;
  }

  private static boolean matches(String word, byte[] bytes, int from, int to) {
    if (word.length() != to - from) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (SqlBytes.upper(bytes[from + i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int hash(String word) {
    int hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = hash * 31 + word.charAt(i);
    }
    return spread(hash);
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + SqlBytes.upper(bytes[i]);
    }
    return spread(hash);
  }

  private static int spread(int hash) {
    return hash ^ hash >>> 15;
  }
}

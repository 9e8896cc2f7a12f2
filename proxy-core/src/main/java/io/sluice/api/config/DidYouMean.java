package io.sluice.api.config;

import java.util.Collection;

/** Finds the known word that somebody probably meant. */
public final class DidYouMean {

  private static final int FARTHEST = 3;

  private DidYouMean() {}

  /** {@code " (did you mean 'x'?)"}, or an empty text when nothing is close enough. */
  public static String hint(String word, Collection<String> known) {
    String best = "";
    int bestDistance = Math.min(FARTHEST, Math.max(1, word.length() / 2)) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? "" : " (did you mean '" + best + "'?)";
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}

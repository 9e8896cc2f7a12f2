package io.sluice.core.plugin;

import org.jspecify.annotations.Nullable;

/** Makes one line out of an exception and its causes. */
final class Causes {

  private static final int DEEPEST = 5;

  private Causes() {}

  static String text(@Nullable Throwable failure) {
    if (failure == null) {
      return "no cause given";
    }
    StringBuilder text = new StringBuilder();
    @Nullable Throwable next = failure;
    for (int depth = 0; next != null && depth < DEEPEST; depth++) {
      String line = next.getMessage() == null ? next.getClass().getSimpleName() : shown(next);
      if (text.indexOf(line) < 0) {
        text.append(text.length() == 0 ? "" : ": ").append(line);
      }
      next = next.getCause();
    }
    return text.toString();
  }

  /** Errors of class loading tell only the name of a class. */
  private static String shown(Throwable failure) {
    boolean bare = failure instanceof LinkageError || failure instanceof ClassNotFoundException;
    return bare
        ? failure.getClass().getSimpleName() + " " + failure.getMessage()
        : String.valueOf(failure.getMessage());
  }
}

package io.sluice.binlog.master;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads version texts such as {@code 8.4.4-log}. Stateless. */
public final class ServerVersion {
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,2})(?:\\.(\\d{1,2}))?");

  private ServerVersion() {}

  /** Such as 80404 for 8.4.4; 0 if it is none. */
  public static int number(String version) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.lookingAt()) {
      return 0;
    }
    String patch = numbers.group(3);
    return Integer.parseInt(numbers.group(1)) * 10_000
        + Integer.parseInt(numbers.group(2)) * 100
        + (patch == null ? 0 : Integer.parseInt(patch));
  }
}

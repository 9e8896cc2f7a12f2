package io.sluice.binlog.gtid;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads version texts such as {@code 8.4.4-log} and {@code 11.4.5-MariaDB}. Stateless. */
public final class ServerVersion {
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");

  private static final int LARGEST = 99;

  private ServerVersion() {}

  /**
   * As servers and executable comments count: 80404 for 8.4.4, 110405 for 11.4.5; 0 if it is none.
   */
  public static int number(String version) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.lookingAt()) {
      return 0;
    }
    return Integer.parseInt(numbers.group(1)) * 10_000
        + part(numbers.group(2)) * 100
        + (numbers.group(3) == null ? 0 : part(numbers.group(3)));
  }

  private static int part(String digits) {
    return Math.min(Integer.parseInt(digits), LARGEST);
  }
}

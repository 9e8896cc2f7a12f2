package io.sluice.mysql.request;

import io.sluice.api.server.Attributes;
import io.sluice.mysql.constant.Capabilities;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server told in its last greeting; kept in its attributes. Immutable.
 *
 * @param version as sent, which may begin with {@code 5.5.5-}
 * @param capabilities what it is able to do
 * @param collation the number of its default collation, the lowest byte of it
 * @param authPlugin its default authentication method
 */
public record ServerGreeting(
    String version, Capabilities capabilities, int collation, String authPlugin) {

  /** Where it is kept in {@link io.sluice.api.server.Server#attributes()}. */
  public static final Attributes.Key<ServerGreeting> KEY =
      Attributes.Key.of("mysql.greeting", ServerGreeting.class);

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3}).*");

  private static final String OLD_PREFIX = "5.5.5-";

  /** Whether it is MariaDB rather than MySQL. */
  public boolean isMariaDb() {
    return version.startsWith(OLD_PREFIX) || version.toLowerCase(Locale.ROOT).contains("mariadb");
  }

  /** The version without the prefix that MariaDB 10 puts in front of it. */
  public String plainVersion() {
    return version.startsWith(OLD_PREFIX) && version.length() > OLD_PREFIX.length()
        ? version.substring(OLD_PREFIX.length())
        : version;
  }

  /** The version as a number, 101119 for 10.11.19; 0 if it has none. */
  public int versionId() {
    Matcher numbers = NUMBERS.matcher(plainVersion());
    return numbers.matches()
        ? Integer.parseInt(numbers.group(1)) * 10_000
            + Integer.parseInt(numbers.group(2)) * 100
            + Integer.parseInt(numbers.group(3))
        : 0;
  }
}

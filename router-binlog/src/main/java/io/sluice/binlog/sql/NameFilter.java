package io.sluice.binlog.sql;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The condition of a SHOW on names: LIKE, equality or a list. Immutable.
 *
 * @param predicate tells whether a name in lower case is shown
 */
public record NameFilter(Predicate<String> predicate) {

  /** A LIKE pattern with {@code %}, {@code _} and backslash. */
  public static NameFilter like(String pattern) {
    StringBuilder regex = new StringBuilder();
    String lower = pattern.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c == '%') {
        regex.append(".*");
      } else if (c == '_') {
        regex.append('.');
      } else {
        if (c == '\\' && i + 1 < lower.length()) {
          i++;
          c = lower.charAt(i);
        }
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    Pattern compiled = Pattern.compile(regex.toString(), Pattern.DOTALL);
    return new NameFilter(name -> compiled.matcher(name).matches());
  }

  /** One of these names. */
  public static NameFilter in(List<String> names) {
    List<String> lower = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return new NameFilter(lower::contains);
  }

  /** Either of two conditions. */
  public NameFilter or(NameFilter other) {
    return new NameFilter(predicate.or(other.predicate));
  }

  /** Whether a name is shown. */
  public boolean matches(String name) {
    return predicate.test(name.toLowerCase(Locale.ROOT));
  }
}

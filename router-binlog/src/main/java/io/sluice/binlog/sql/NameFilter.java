package io.sluice.binlog.sql;

import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The condition of a SHOW on names and values: LIKE, comparisons or a list, without regard to case.
 * Immutable.
 *
 * @param predicate tells whether a name and its value, both in lower case, are shown
 */
public record NameFilter(BiPredicate<String, String> predicate) {

  /** What a condition looks at. */
  public enum Column {
    /** The name. */
    NAME,
    /** The value. */
    VALUE
  }

  /** A LIKE pattern for the name. */
  public static NameFilter like(String pattern) {
    return on(Column.NAME, likes(pattern));
  }

  /** One of these names. */
  public static NameFilter in(List<String> names) {
    List<String> lower = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return on(Column.NAME, lower::contains);
  }

  /** A condition on one column; its text is in lower case. */
  public static NameFilter on(Column column, Predicate<String> condition) {
    return new NameFilter(
        column == Column.NAME
            ? (name, value) -> condition.test(name)
            : (name, value) -> condition.test(value));
  }

  /** Tells whether texts in lower case match a pattern with {@code %}, {@code _} and backslash. */
  public static Predicate<String> likes(String pattern) {
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
    return text -> compiled.matcher(text).matches();
  }

  /** Either of two conditions. */
  public NameFilter or(NameFilter other) {
    return new NameFilter(predicate.or(other.predicate));
  }

  /** Both of two conditions. */
  public NameFilter and(NameFilter other) {
    return new NameFilter(predicate.and(other.predicate));
  }

  /** The opposite. */
  public NameFilter not() {
    return new NameFilter(predicate.negate());
  }

  /** Whether a name with this value is shown. */
  public boolean matches(String name, String value) {
    return predicate.test(name.toLowerCase(Locale.ROOT), value.toLowerCase(Locale.ROOT));
  }
}

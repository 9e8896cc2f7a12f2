package io.sluice.binlog.master;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Locale;

/**
 * What kind of thing a system variable is, in the words of the master's own {@code
 * information_schema.SYSTEM_VARIABLES}. Immutable.
 *
 * @param scope {@code GLOBAL}, {@code SESSION} (there are both values) or {@code SESSION ONLY}
 * @param type such as {@code BIGINT UNSIGNED}, {@code BOOLEAN}, {@code ENUM} or {@code VARCHAR}
 * @param readOnly whether no statement can change it
 * @param sessionValue what a new session has; only for those without a global value, else empty
 */
public record VariableTraits(String scope, String type, boolean readOnly, String sessionValue) {
  private static final String SESSION_ONLY = "SESSION ONLY";

  static VariableTraits of(String scope, String type, String readOnly, String sessionValue) {
    String upper = scope.toUpperCase(Locale.ROOT);
    return new VariableTraits(
        upper,
        type.toUpperCase(Locale.ROOT),
        readOnly.equalsIgnoreCase("YES"),
        upper.equals(SESSION_ONLY) ? sessionValue : "");
  }

  /** Whether sessions have no value of their own. */
  @JsonIgnore
  public boolean isGlobalOnly() {
    return scope.equals("GLOBAL");
  }

  /** Whether there is no global value. */
  @JsonIgnore
  public boolean isSessionOnly() {
    return scope.equals(SESSION_ONLY);
  }
}

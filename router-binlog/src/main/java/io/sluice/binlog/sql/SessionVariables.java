package io.sluice.binlog.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user variables and the system variables that one session has set. Confined to its event loop.
 */
public final class SessionVariables {
  private static final int MAX_VARIABLES = 1000;
  private static final int MAX_LENGTH = 1 << 20;

  private final Map<String, SqlValue> user = new HashMap<>();
  private final Map<String, SqlValue> system = new HashMap<>();

  /** The text of a user variable, without the at-sign; null if it is not set or NULL. */
  public @Nullable String user(String name) {
    SqlValue value = user.get(name.toLowerCase(Locale.ROOT));
    return value == null ? null : value.text();
  }

  /** Whether a user variable was set, be it to NULL. */
  public boolean isUserSet(String name) {
    return user.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** The text of a system variable that the session has set; null if it has not. */
  public @Nullable String system(String name) {
    SqlValue value = system.get(name.toLowerCase(Locale.ROOT));
    return value == null ? null : value.text();
  }

  /** Forgets everything, as COM_RESET_CONNECTION does. */
  public void reset() {
    user.clear();
    system.clear();
  }

  SqlValue userValue(String name) {
    return user.getOrDefault(name, SqlValue.NULL);
  }

  @Nullable SqlValue systemValue(String name) {
    return system.get(name);
  }

  void setUser(String name, SqlValue value) {
    put(user, name, value);
  }

  void setSystem(String name, SqlValue value) {
    put(system, name, value);
  }

  void unsetSystem(String name) {
    system.remove(name);
  }

  Map<String, SqlValue> systemValues() {
    return system;
  }

  private static void put(Map<String, SqlValue> into, String name, SqlValue value) {
    String text = value.text();
    boolean tooLong = text != null && text.length() > MAX_LENGTH;
    if (tooLong || (into.size() >= MAX_VARIABLES && !into.containsKey(name))) {
      throw SqlError.unsupported("SET of so many or so long variables");
    }
    into.put(name, value);
  }
}

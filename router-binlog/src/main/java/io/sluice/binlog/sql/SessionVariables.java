package io.sluice.binlog.sql;

import io.sluice.mysql.constant.ServerStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user variables and the system variables that one session has set. Confined to its event loop.
 */
public final class SessionVariables {
  private static final int MAX_VARIABLES = 1000;
  private static final int MAX_LENGTH = 1 << 20;

  /** What SET NAMES sets. */
  static final List<String> CHARSET_VARIABLES =
      List.of(
          "character_set_client",
          "character_set_connection",
          "character_set_results",
          "collation_connection");

  private final Map<String, SqlValue> user = new HashMap<>();
  private final Map<String, SqlValue> system = new HashMap<>();
  private @Nullable Charset greeted;
  private boolean inTransaction;

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
    inTransaction = false;
    greetAgain();
  }

  /** With what character set the client logged in; null if that is not known. */
  void greet(@Nullable Charset charset) {
    greeted = charset;
    greetAgain();
  }

  /** Goes back to the character set of the login. */
  void greetAgain() {
    Charset charset = greeted;
    if (charset != null) {
      setCharset(charset);
    } else {
      CHARSET_VARIABLES.forEach(system::remove);
    }
  }

  void setCharset(Charset charset) {
    for (String name : CHARSET_VARIABLES) {
      boolean collation = name.startsWith("collation");
      setSystem(name, SqlValue.text(collation ? charset.collation() : charset.name()));
    }
  }

  /** The status word that ends answers: whether autocommit is on, and whether a transaction is. */
  public int serverStatus() {
    int status = "0".equals(system("autocommit")) ? 0 : ServerStatus.AUTOCOMMIT;
    return inTransaction ? status | ServerStatus.IN_TRANSACTION : status;
  }

  boolean isInTransaction() {
    return inTransaction;
  }

  void inTransaction(boolean begun) {
    inTransaction = begun;
  }

  SqlValue userValue(String name) {
    SqlValue value = user.get(name);
    return value == null ? SqlValue.UNSET : value.stored();
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

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Target;
import io.sluice.mysql.constant.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes the variables of a session, with a server's checks of scope and value. Confined to the
 * event loop of the session.
 */
final class VariableSetter {
  /** A list of which each session keeps its own, sorted. */
  static final String TRACKED = "session_track_system_variables";

  private static final int UNKNOWN_CHARACTER_SET = 1115;
  private static final int FIXED_IN_SESSION = 1621;

  private final SystemVariables system;
  private final SessionVariables session;
  private final Diagnostics diagnostics;
  private int warnings;

  VariableSetter(SystemVariables system, SessionVariables session, Diagnostics diagnostics) {
    this.system = system;
    this.session = session;
    this.diagnostics = diagnostics;
  }

  /** How many warnings there were since this was asked last. */
  int takeWarnings() {
    int taken = warnings;
    warnings = 0;
    return taken;
  }

  /**
   * Before any value is evaluated: whether it may be set at all.
   *
   * @throws SqlError if it may not
   */
  void check(Assignment assignment) {
    if (assignment.target() != Target.SESSION && assignment.target() != Target.GLOBAL) {
      return;
    }
    String name = assignment.name();
    boolean global = assignment.target() == Target.GLOBAL;
    VariableTraits traits = system.traits(name);
    if (traits == null) {
      if (!global && !isKnown(name)) {
        throw SqlError.unknownVariable(name);
      }
      return;
    }
    if (traits.readOnly()) {
      throw new SqlError(
          ErrorCode.READ_ONLY_VARIABLE.error("Variable '" + name + "' is a read only variable"));
    }
    if (global && traits.isSessionOnly()) {
      throw new SqlError(
          new ReplyError(
              1228,
              "HY000",
              "Variable '" + name + "' is a SESSION variable and can't be used with SET GLOBAL"));
    }
    if (!global && system.dialect().variables().isFixedInSession(name)) {
      throw new SqlError(
          new ReplyError(
              FIXED_IN_SESSION,
              "HY000",
              "SESSION variable '" + name + "' is read-only. Use SET GLOBAL to assign the value"));
    }
    if (!global && traits.isGlobalOnly()) {
      throw new SqlError(
          new ReplyError(
              1229,
              "HY000",
              "Variable '" + name + "' is a GLOBAL variable and should be set with SET GLOBAL"));
    }
  }

  private boolean isKnown(String name) {
    return name.equals("timestamp")
        || name.equals("pseudo_thread_id")
        || system.isUnknowable(name)
        || system.find(name, false) != null;
  }

  /** Sets a user variable, a variable of the session, or the character set. */
  void set(Assignment assignment, SqlValue value) {
    switch (assignment.target()) {
      case USER -> session.setUser(assignment.name(), value);
      case NAMES, CHARACTER_SET -> characterSet(assignment, value);
      default -> {
        if (assignment.value().kind() == Expression.Kind.DEFAULT) {
          session.unsetSystem(assignment.name());
        } else {
          setSystem(assignment.name(), value);
        }
      }
    }
  }

  private void setSystem(String name, SqlValue value) {
    SqlValue fit = converted(name, value);
    session.setSystem(name, fit);
    if (name.equals("character_set_connection") && fit.text() != null) {
      session.setSystem("collation_connection", SqlValue.text(charset(fit.text()).collation()));
    }
    if (name.startsWith("collation_") && fit.text() != null) {
      Charset charset = system.dialect().collation(fit.text());
      if (charset != null) {
        session.setSystem(
            "character_set_" + name.substring("collation_".length()),
            SqlValue.text(charset.name()));
      }
    }
  }

  private Charset charset(String name) {
    String overrides =
        system.isUnknowable(name) ? null : system.find("character_set_collations", false);
    Charset charset = system.dialect().charset(name, overrides);
    if (charset == null) {
      throw new SqlError(
          new ReplyError(UNKNOWN_CHARACTER_SET, "42000", "Unknown character set: '" + name + "'"));
    }
    Diagnostics.Condition warning = system.dialect().warning(name);
    if (warning != null) {
      if (warnings++ == 0) {
        diagnostics.clear();
      }
      diagnostics.warning(warning.code(), warning.message());
    }
    return charset;
  }

  private void characterSet(Assignment assignment, SqlValue value) {
    String name = value.text();
    if (name == null) {
      defaultCharacterSet();
      return;
    }
    Charset charset = charset(name);
    if (!assignment.name().isEmpty()) {
      charset = system.dialect().collated(charset, assignment.name());
    }
    if (!charset.isForClients()) {
      throw cannotBe("character_set_client", charset.name());
    }
    session.setCharset(charset);
    if (assignment.target() == Target.CHARACTER_SET) {
      String connection =
          system.isUnknowable(name) ? null : system.find("character_set_database", false);
      if (connection != null) {
        setSystem("character_set_connection", SqlValue.text(connection));
      }
    }
  }

  /** MariaDB goes back to what the client said at its login, MySQL to its own. */
  private void defaultCharacterSet() {
    session.greetAgain();
    if (!system.presented().isMySql() || system.isUnknowable("character_set_client")) {
      return;
    }
    for (String variable : SessionVariables.CHARSET_VARIABLES) {
      session.setSystem(variable, SqlValue.text(system.find(variable, true)));
    }
  }

  private static SqlError cannotBe(String name, @Nullable String value) {
    return new SqlError(
        ErrorCode.WRONG_VALUE_FOR_VARIABLE.error(
            "Variable '"
                + name
                + "' can't be set to the value of '"
                + (value == null ? "NULL" : value)
                + "'"));
  }

  private static SqlError wrongType(String name) {
    return new SqlError(
        ErrorCode.VARIABLE_CANNOT_BE_READ.error(
            "Incorrect argument type to variable '" + name + "'"));
  }

  private SqlValue converted(String name, SqlValue value) {
    if (system.isUnknowable(name) && value.isNull()) {
      // Put together from variables of a master that nobody has seen yet.
      return value;
    }
    if (name.equals("sql_mode")) {
      return sqlMode(value);
    }
    if (name.startsWith("character_set_") && !name.equals("character_set_filesystem")) {
      return charsetName(name, value);
    }
    if (name.startsWith("collation_") && value.text() != null) {
      return SqlValue.text(system.dialect().collationName(value.text()));
    }
    String type = typeOf(name);
    if (type.equals("BOOLEAN")) {
      return switched(name, value);
    }
    boolean numeric = type.contains("INT") || type.equals("DOUBLE");
    if (numeric) {
      return number(name, type, value);
    }
    if (type.equals("VARCHAR") && value.type().isNumber()) {
      throw wrongType(name);
    }
    String text = value.text();
    if (text == null || !name.equals(TRACKED) || system.presented().isMySql()) {
      return SqlValue.text(text);
    }
    return SqlValue.text(tracked(text));
  }

  private static SqlValue number(String name, String type, SqlValue value) {
    boolean whole = !type.equals("DOUBLE");
    if (value.isNull() || !(whole ? value.type().isWhole() : value.type().isNumber())) {
      throw wrongType(name);
    }
    if (whole) {
      return value.as(
          type.contains("UNSIGNED") ? SqlValue.Type.UNSIGNED_BIGINT : SqlValue.Type.BIGINT);
    }
    return new SqlValue(
        String.format(Locale.ROOT, "%.6f", value.number().doubleValue()), SqlValue.Type.DOUBLE);
  }

  private String tracked(String list) {
    String names = sorted(list);
    for (String name : names.split(",", -1)) {
      if (!name.isEmpty() && !name.equals("*") && !isKnown(name)) {
        throw SqlError.unknownVariable(name);
      }
    }
    return names;
  }

  /** The names of a list in order, each once. */
  static String sorted(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .filter(name -> !name.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** The master's word for it, or what the value looks like. */
  private String typeOf(String name) {
    VariableTraits traits = system.traits(name);
    if (traits != null) {
      return traits.type();
    }
    String printed = system.isUnknowable(name) ? null : system.find(name, false);
    return "ON".equals(printed) || "OFF".equals(printed) ? "BOOLEAN" : "";
  }

  private static SqlValue switched(String name, SqlValue value) {
    String text = value.text();
    boolean on =
        value.type().isWhole()
            ? "1".equals(text)
            : "on".equalsIgnoreCase(text) || "true".equalsIgnoreCase(text);
    boolean off =
        value.type().isWhole()
            ? "0".equals(text)
            : "off".equalsIgnoreCase(text) || "false".equalsIgnoreCase(text);
    if (!on && !off) {
      throw cannotBe(name, text);
    }
    return new SqlValue(on ? "1" : "0", SqlValue.Type.SWITCH);
  }

  private SqlValue sqlMode(SqlValue value) {
    SqlModes modes = system.dialect().modes();
    String text = value.text();
    String mode =
        text == null
            ? null
            : value.type().isWhole() ? modes.ofBits(value.asLong()) : modes.normal(text);
    if (mode == null) {
      throw cannotBe("sql_mode", text);
    }
    return SqlValue.text(mode);
  }

  private SqlValue charsetName(String name, SqlValue value) {
    String text = value.text();
    if (text == null) {
      if (name.equals("character_set_results")) {
        return SqlValue.text(null);
      }
      throw cannotBe(name, null);
    }
    Charset charset = charset(text);
    if (name.equals("character_set_client") && !charset.isForClients()) {
      throw cannotBe(name, text);
    }
    return SqlValue.text(charset.name());
  }
}

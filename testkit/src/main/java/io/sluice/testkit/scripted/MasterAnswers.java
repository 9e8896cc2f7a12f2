package io.sluice.testkit.scripted;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a {@link ScriptedMaster}: those that the test gave, then those that a MariaDB
 * master would give to a replica's registration queries. Thread-safe.
 */
final class MasterAnswers {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("@(\\w+)\\s*:?=\\s*('(?:[^']*)'|[^,]+)");
  private static final Pattern SYSTEM_VARIABLE =
      Pattern.compile("@@(?:global\\.|session\\.)?(\\w+)(?:\\s+as\\s+\\S+)?");
  private static final Pattern USER_VARIABLE = Pattern.compile("select @(\\w+)");
  private static final Pattern SHOW_VARIABLE =
      Pattern.compile("show (?:global |session )?variables like '([^']*)'");

  private final Map<String, Answer> given = new ConcurrentHashMap<>();
  private final Map<String, String> variables = new ConcurrentHashMap<>();

  void give(String sql, Answer answer) {
    given.put(normal(sql), answer);
  }

  void variable(String name, String value) {
    variables.put(name.toLowerCase(Locale.ROOT), value);
  }

  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  static String normal(String sql) {
    return sql.strip().replaceAll("\\s+", " ").replaceAll(";$", "").toLowerCase(Locale.ROOT);
  }

  /** Answers the query; {@code session} holds the connection's user variables. */
  Answer answer(String sql, Map<String, String> session) {
    String normal = normal(sql);
    Answer own = given.get(normal);
    if (own != null) {
      return own;
    }
    if (normal.startsWith("set ")) {
      assign(sql, session);
      return Answer.ok();
    }
    if (normal.equals("select unix_timestamp()")) {
      return Answer.value("UNIX_TIMESTAMP()", Long.toString(System.currentTimeMillis() / 1000));
    }
    if (normal.equals("select version()")) {
      return Answer.value("VERSION()", variable("version"));
    }
    if (normal.startsWith("select binlog_gtid_pos(")) {
      return Answer.value(sql.strip().substring("select ".length()), "");
    }
    if (normal.startsWith("kill ")) {
      return Answer.ok();
    }
    Answer ofVariables = answerVariables(sql, normal, session);
    return ofVariables != null
        ? ofVariables
        : Answer.error(1064, "42000", "the scripted master has no answer to: " + sql);
  }

  private @Nullable Answer answerVariables(String sql, String normal, Map<String, String> session) {
    Matcher user = USER_VARIABLE.matcher(normal);
    if (user.matches()) {
      return Answer.value("@" + user.group(1), session.get(user.group(1)));
    }
    Matcher show = SHOW_VARIABLE.matcher(normal);
    if (show.matches()) {
      String name = show.group(1);
      String value = variables.get(name);
      return Answer.rows(
          List.of("Variable_name", "Value"),
          value == null ? List.of() : List.of(List.of(name, value)));
    }
    return normal.startsWith("select @@") ? systemVariables(sql) : null;
  }

  private Answer systemVariables(String sql) {
    List<String> columns = new ArrayList<>();
    List<@Nullable String> row = new ArrayList<>();
    for (String expression : sql.strip().replaceAll(";$", "").substring(7).split(",")) {
      Matcher variable = SYSTEM_VARIABLE.matcher(expression.strip().toLowerCase(Locale.ROOT));
      if (!variable.matches()) {
        return Answer.error(1064, "42000", "the scripted master has no answer to: " + sql);
      }
      String value = variables.get(variable.group(1));
      if (value == null) {
        return Answer.error(1193, "HY000", "Unknown system variable '" + variable.group(1) + "'");
      }
      columns.add(expression.strip());
      row.add(value);
    }
    return Answer.rows(columns, List.of(row));
  }

  private void assign(String sql, Map<String, String> session) {
    Matcher assignments = ASSIGNMENT.matcher(sql.strip().substring(4));
    while (assignments.find()) {
      String value = assignments.group(2).strip();
      if (value.startsWith("'")) {
        value = value.substring(1, value.length() - 1);
      } else if (value.startsWith("@@")) {
        value = variable(value.substring(value.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
      }
      session.put(assignments.group(1).toLowerCase(Locale.ROOT), value);
    }
  }

  static Map<String, String> newSession() {
    return new HashMap<>();
  }
}

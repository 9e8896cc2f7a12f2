package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Item;
import io.sluice.binlog.sql.ReplicationStatement.Select;
import io.sluice.binlog.sql.control.ControlExecutor;
import io.sluice.binlog.sql.show.ShowExecutor;
import io.sluice.binlog.sql.show.StatusVariables;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers statements for one session: from what the master said of itself and from the relay's own
 * state. Confined to the event loop of the session; an answer that needs the store completes on
 * another thread.
 */
public final class StatementExecutor {
  private final BinlogStatus status;
  private final SessionVariables variables;
  private final SystemVariables system;
  private final Evaluator evaluator;
  private final Diagnostics diagnostics = new Diagnostics();
  private final ShowExecutor show;
  private final ControlExecutor control;

  /** An executor for one session. */
  public StatementExecutor(
      BinlogStatus status, Sessions sessions, SessionVariables variables, Client client) {
    this.status = status;
    this.variables = variables;
    this.system = new SystemVariables(status.variables(), status.store());
    this.show =
        new ShowExecutor(
            status, global -> global ? system.all(true) : sessionVariables(), diagnostics, client);
    this.control = new ControlExecutor(status, sessions, diagnostics, client);
    this.evaluator =
        new Evaluator(
            system,
            variables,
            status.store(),
            status.clock(),
            new Evaluator.ClientFacts(
                client.connectionId(),
                client.user() + "@" + client.host(),
                client.account(),
                client.version()));
  }

  /** Answers a statement; never throws, and the future never fails for what a client can cause. */
  public CompletableFuture<Answer> execute(String sql) {
    try {
      ReplicationStatement statement = StatementParser.parse(sql);
      if (!keepsDiagnostics(statement)) {
        diagnostics.clear();
      }
      return run(statement).exceptionally(this::failed);
    } catch (SqlError e) {
      diagnostics.clear();
      return done(failed(e));
    }
  }

  private static boolean keepsDiagnostics(ReplicationStatement statement) {
    return statement instanceof ReplicationStatement.Show show && show.show().keepsDiagnostics();
  }

  private Answer failed(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof SqlError)) {
      cause = cause.getCause();
    }
    ReplyError error =
        cause instanceof SqlError sqlError
            ? sqlError.error()
            : ErrorCode.UNKNOWN_ERROR.error("The log cannot be read");
    diagnostics.error(error);
    return new Answer.Failed(error);
  }

  private static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private CompletableFuture<Answer> run(ReplicationStatement statement) {
    return switch (statement.kind()) {
      case SELECT -> select((Select) statement);
      case SET -> set(((ReplicationStatement.Set) statement).assignments());
      case SHOW -> show.show(((ReplicationStatement.Show) statement).show());
      case CONTROL -> control.execute(((ReplicationStatement.Control) statement).control());
      case USE_DATABASE ->
          done(unknownDatabase(((ReplicationStatement.UseDatabase) statement).database()));
      case NOTHING -> done(new Answer.Ok());
    };
  }

  /** The relay has no databases. */
  public static Answer unknownDatabase(String name) {
    return new Answer.Failed(ErrorCode.BAD_DB.error("Unknown database '" + name + "'"));
  }

  private CompletableFuture<Answer> select(Select select) {
    List<CompletableFuture<SqlValue>> pending = new ArrayList<>();
    for (Item item : select.items()) {
      pending.add(evaluator.evaluate(item.expression()));
    }
    return Evaluator.all(pending).thenApply(values -> rows(select, values));
  }

  private static Answer rows(Select select, List<SqlValue> values) {
    List<ColumnDefinition> columns = new ArrayList<>();
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Item item = select.items().get(i);
      columns.add(column(item, values.get(i)));
      row.add(values.get(i).text());
    }
    return new Answer.Rows(columns, select.limited() ? List.of() : List.of(row));
  }

  private static ColumnDefinition column(Item item, SqlValue value) {
    if (item.expression().kind() == Expression.Kind.USER_VARIABLE) {
      return value.type() == SqlValue.Type.INTEGER
          ? ColumnDefinition.bigint(item.label())
          : ColumnDefinition.longText(item.label());
    }
    return switch (value.type()) {
      case INTEGER -> ColumnDefinition.bigint(item.label());
      case DECIMAL -> ColumnDefinition.real(item.label());
      case LONG_TEXT -> ColumnDefinition.longText(item.label());
      case TEXT, NULL -> ColumnDefinition.string(item.label());
    };
  }

  /** All right sides are evaluated before any variable changes, as servers do. */
  private CompletableFuture<Answer> set(List<Assignment> assignments) {
    List<CompletableFuture<SqlValue>> pending = new ArrayList<>();
    for (Assignment assignment : assignments) {
      if (assignment.global()) {
        control.checkGlobal(assignment.name(), system.find(assignment.name(), true) != null);
      } else if (!assignment.user() && !isKnown(assignment.name())) {
        throw SqlError.unknownVariable(assignment.name());
      }
      pending.add(evaluator.evaluate(assignment.value()));
    }
    return Evaluator.all(pending)
        .thenCompose(
            values -> {
              CompletableFuture<Answer> outcome = done(new Answer.Ok());
              for (int i = 0; i < values.size(); i++) {
                Assignment assignment = assignments.get(i);
                SqlValue value = values.get(i);
                if (assignment.global()) {
                  outcome =
                      outcome.thenCompose(
                          before ->
                              control.setGlobal(
                                  assignment.name(),
                                  value.text(),
                                  value.type() != SqlValue.Type.INTEGER
                                      && value.type() != SqlValue.Type.DECIMAL));
                } else {
                  assign(assignment, value);
                }
              }
              return outcome;
            });
  }

  private boolean isKnown(String name) {
    return name.equals("timestamp")
        || name.equals("pseudo_thread_id")
        || system.isUnknowable(name)
        || system.find(name, false) != null;
  }

  private void assign(Assignment assignment, SqlValue value) {
    if (assignment.user()) {
      variables.setUser(assignment.name(), value);
    } else if (assignment.value().kind() == Expression.Kind.DEFAULT) {
      variables.unsetSystem(assignment.name());
    } else {
      String text = value.text();
      boolean word = text != null && value.type() == SqlValue.Type.TEXT;
      variables.setSystem(
          assignment.name(),
          word ? SystemVariables.selected(assignment.name(), switchWord(text)) : value);
    }
  }

  private static String switchWord(@Nullable String text) {
    String word = String.valueOf(text);
    return word.equalsIgnoreCase("on") ? "ON" : word.equalsIgnoreCase("off") ? "OFF" : word;
  }

  private Map<String, String> sessionVariables() {
    Map<String, String> all = system.all(false);
    variables
        .systemValues()
        .forEach(
            (name, value) -> {
              String before = all.get(name);
              boolean isSwitch = "ON".equals(before) || "OFF".equals(before);
              String text = value.text() == null ? "" : value.text();
              if (isSwitch && text.length() == 1) {
                all.put(name, text.equals("0") ? "OFF" : "ON");
              } else {
                all.put(name, text);
              }
            });
    return all;
  }

  /** A result set that was streamed has ended: with an error, or null. */
  public void streamed(@Nullable ReplyError error) {
    if (error != null) {
      diagnostics.error(error);
    }
  }

  /** The text that COM_STATISTICS answers. */
  public String statistics() {
    long uptime = Math.max(1, StatusVariables.uptimeSeconds(status));
    return "Uptime: "
        + uptime
        + "  Threads: "
        + (status.registry().all().size() + 1)
        + "  Replicas: "
        + status.registry().dumping()
        + "  Received bytes: "
        + status.counters().bytes()
        + "  Sent bytes: "
        + status.registry().sentBytes();
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Select;
import io.sluice.binlog.sql.ReplicationStatement.Target;
import io.sluice.binlog.sql.control.ControlExecutor;
import io.sluice.binlog.sql.show.ShowExecutor;
import io.sluice.binlog.sql.show.StatusVariables;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
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
  private final VariableSetter setter;
  private final Diagnostics diagnostics = new Diagnostics();
  private final ShowExecutor show;
  private final ControlExecutor control;

  /** An executor for one session. */
  public StatementExecutor(
      BinlogStatus status,
      Sessions sessions,
      SessionVariables variables,
      Client client,
      ScheduledExecutorService loop) {
    this.status = status;
    this.variables = variables;
    this.system = new SystemVariables(status.variables(), status.store(), client.version());
    this.show =
        new ShowExecutor(
            status, global -> global ? system.all(true) : sessionVariables(), diagnostics, client);
    this.control = new ControlExecutor(status, sessions, diagnostics, client);
    this.evaluator = new Evaluator(system, variables, status, client, diagnostics, loop);
    this.setter = new VariableSetter(system, variables, diagnostics);
  }

  /** Reads the tables that statements are answered from, so that no event loop has to. Blocks. */
  public static void loadTables() {
    ResourceTable.load("mysql-variables.txt");
    ResourceTable.load("mysql-collations.txt");
  }

  /** The client logged in with a collation, which it named by number. */
  public void greet(int collation) {
    variables.greet(
        system.dialect().login(collation, status.variables().get("character_set_collations")));
  }

  /** Whether a server of the presented version has a command. */
  public boolean knows(Command command) {
    return system.dialect().knows(command);
  }

  /** Answers a statement; never throws, and the future never fails for what a client can cause. */
  public CompletableFuture<Answer> execute(String sql) {
    try {
      ReplicationStatement statement = StatementParser.parse(sql, version());
      if (!keepsDiagnostics(statement)) {
        diagnostics.clear();
      }
      return run(statement).exceptionally(this::failed);
    } catch (SqlError e) {
      diagnostics.clear();
      return done(failed(e));
    }
  }

  private PresentedVersion version() {
    return system.presented();
  }

  /** The statements in a request of a client that may send several. */
  public List<String> split(String sql) {
    return StatementSplitter.split(sql, version());
  }

  /** The session is over: nothing waits any more. */
  public void close() {
    evaluator.close();
  }

  private boolean keepsDiagnostics(ReplicationStatement statement) {
    // As in a server: what uses no tables leaves the rows alone, unless it fails.
    boolean kept = system.dialect().keepsDiagnostics();
    if (!kept) {
      return statement instanceof Select select
          ? select.items().stream().anyMatch(item -> asksDiagnostics(item.expression()))
          : statement instanceof ReplicationStatement.Show show && show.show().keepsDiagnostics();
    }
    if (statement instanceof Select
        || statement instanceof ReplicationStatement.Set
        || statement instanceof ReplicationStatement.Transaction
        || statement instanceof ReplicationStatement.Nothing) {
      return true;
    }
    return statement instanceof ReplicationStatement.Show show && show.show().keepsDiagnostics();
  }

  private static boolean asksDiagnostics(Expression expression) {
    return expression instanceof Expression.SystemVariable variable
        && (variable.name().equals("warning_count") || variable.name().equals("error_count"));
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
    diagnostics.clear();
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
      case SHOW -> {
        ReplicationStatement.Show shown = (ReplicationStatement.Show) statement;
        diagnostics.add(shown.warnings());
        yield show.show(shown.show());
      }
      case CONTROL -> {
        ReplicationStatement.Control order = (ReplicationStatement.Control) statement;
        diagnostics.add(order.warnings());
        yield control.execute(order.control());
      }
      case USE_DATABASE ->
          done(unknownDatabase(((ReplicationStatement.UseDatabase) statement).database()));
      case TRANSACTION ->
          done(transaction(((ReplicationStatement.Transaction) statement).begins()));
      case NOTHING -> done(new Answer.Ok());
    };
  }

  /** The relay has no databases. */
  public static Answer.Failed unknownDatabase(String name) {
    return new Answer.Failed(ErrorCode.BAD_DB.error("Unknown database '" + name + "'"));
  }

  private CompletableFuture<Answer> select(Select select) {
    List<Expression> expressions = new ArrayList<>();
    if (select.where() != null) {
      expressions.add(select.where());
    }
    select.items().forEach(item -> expressions.add(item.expression()));
    return evaluator.evaluate(expressions).thenApply(values -> answer(select, values));
  }

  private Answer answer(Select select, List<SqlValue> values) {
    if (select.silent()) {
      return new Answer.Ok();
    }
    int first = select.where() == null ? 0 : 1;
    boolean wanted = first == 0 || Boolean.TRUE.equals(values.get(0).truth());
    List<ColumnDefinition> columns = new ArrayList<>();
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 0; i < select.items().size(); i++) {
      SqlValue value = values.get(first + i);
      columns.add(system.dialect().column(select.items().get(i).label(), value));
      row.add(value.text());
    }
    boolean shown = wanted && !select.limited();
    return new Answer.Rows(columns, shown ? List.of(row) : List.of());
  }

  /** All right sides are evaluated before any variable changes, as servers do. */
  private CompletableFuture<Answer> set(List<Assignment> assignments) {
    List<Expression> expressions = new ArrayList<>();
    for (Assignment assignment : assignments) {
      setter.check(assignment);
      if (assignment.target() == Target.GLOBAL) {
        control.checkGlobal(assignment.name(), system.find(assignment.name(), true) != null);
      }
      expressions.add(assignment.value());
    }
    return evaluator
        .evaluate(expressions)
        .thenCompose(
            values -> {
              CompletableFuture<Answer> outcome = done(new Answer.Ok());
              for (int i = 0; i < values.size(); i++) {
                Assignment assignment = assignments.get(i);
                SqlValue value = values.get(i);
                if (assignment.target() == Target.GLOBAL) {
                  outcome =
                      outcome.thenCompose(
                          before ->
                              control.setGlobal(
                                  assignment.name(), value.text(), !value.type().isNumber()));
                } else {
                  setter.set(assignment, value);
                }
              }
              int warnings = setter.takeWarnings();
              return warnings == 0
                  ? outcome
                  : outcome.thenApply(
                      before -> before instanceof Answer.Ok ? new Answer.Ok(warnings) : before);
            });
  }

  private Answer transaction(boolean begins) {
    variables.inTransaction(begins);
    return new Answer.Ok();
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
    long questions = status.clients().questions();
    return "Uptime: "
        + uptime
        + "  Threads: "
        + status.clients().size()
        + "  Questions: "
        + questions
        + "  Replicas: "
        + status.registry().dumping()
        + "  Received bytes: "
        + status.counters().bytes()
        + "  Sent bytes: "
        + status.registry().sentBytes()
        + "  Queries per second avg: "
        + String.format(Locale.ROOT, "%.3f", (double) questions / uptime);
  }
}

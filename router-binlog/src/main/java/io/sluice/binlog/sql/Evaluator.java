package io.sluice.binlog.sql;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.sql.Expression.Assignment;
import io.sluice.binlog.sql.Expression.Call;
import io.sluice.binlog.sql.Expression.Literal;
import io.sluice.binlog.sql.Expression.SystemVariable;
import io.sluice.binlog.sql.Expression.UserVariable;
import io.sluice.mysql.constant.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions for one session, from left to right. Confined to its event loop; what needs
 * the store completes later, on the same loop.
 */
final class Evaluator {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final SystemVariables system;
  private final SessionVariables session;
  private final Clock clock;
  private final Client client;
  private final Diagnostics diagnostics;
  private final PositionWait waits;
  private final MariaDbFunctions mariaDb;
  private final MySqlFunctions mySql;

  Evaluator(
      SystemVariables system,
      SessionVariables session,
      BinlogStatus status,
      Client client,
      Diagnostics diagnostics,
      ScheduledExecutorService loop) {
    this.system = system;
    this.session = session;
    this.clock = status.clock();
    this.client = client;
    this.diagnostics = diagnostics;
    this.waits = new PositionWait(clock, loop);
    this.mariaDb = new MariaDbFunctions(status.store(), waits, loop);
    this.mySql =
        new MySqlFunctions(
            system,
            status.store(),
            waits,
            new UuidSource(clock),
            () -> status.master().wantsRunning());
  }

  /** The session is over: nobody waits any more. */
  void close() {
    waits.close();
  }

  CompletableFuture<SqlValue> evaluate(Expression expression) {
    return switch (expression.kind()) {
      case LITERAL -> done(((Literal) expression).value());
      case DEFAULT -> done(SqlValue.NULL);
      case USER_VARIABLE -> done(session.userValue(((UserVariable) expression).name()));
      case SYSTEM_VARIABLE -> done(variable((SystemVariable) expression));
      case ASSIGNMENT -> assign((Assignment) expression);
      case CALL -> call((Call) expression);
    };
  }

  /** All values in order; each is evaluated once those before it are there. */
  CompletableFuture<List<SqlValue>> evaluate(List<Expression> expressions) {
    CompletableFuture<List<SqlValue>> chain = CompletableFuture.completedFuture(new ArrayList<>());
    for (Expression expression : expressions) {
      chain =
          chain.thenCompose(
              values ->
                  evaluate(expression)
                      .thenApply(
                          value -> {
                            values.add(value);
                            return values;
                          }));
    }
    return chain;
  }

  private static CompletableFuture<SqlValue> done(SqlValue value) {
    return CompletableFuture.completedFuture(value);
  }

  private CompletableFuture<SqlValue> assign(Assignment assignment) {
    return evaluate(assignment.value())
        .thenApply(
            value -> {
              session.setUser(assignment.name(), value);
              return value;
            });
  }

  private SqlValue variable(SystemVariable variable) {
    String name = variable.name();
    checkScope(variable);
    if (!variable.isGlobal()) {
      SqlValue own = sessionValue(name);
      if (own != null) {
        return own;
      }
    }
    if (name.equals("version")) {
      return SqlValue.text(system.version());
    }
    String printed = system.find(name, variable.isGlobal());
    if (printed == null) {
      if (!variable.isGlobal() && system.isUnknowable(name)) {
        return SqlValue.NULL;
      }
      throw SqlError.unknownVariable(name);
    }
    boolean list = name.equals(VariableSetter.TRACKED) && !variable.isGlobal();
    boolean sorted = list && !system.presented().isMySql();
    return system.selected(name, sorted ? VariableSetter.sorted(printed) : printed);
  }

  private void checkScope(SystemVariable variable) {
    VariableTraits traits = system.traits(variable.name());
    if (traits == null || variable.scope().isEmpty()) {
      return;
    }
    if (variable.isGlobal() && traits.isSessionOnly()) {
      throw wrongScope(variable.name(), "SESSION");
    }
    if (traits.isGlobalOnly() && !variable.isGlobal()) {
      throw wrongScope(variable.name(), "GLOBAL");
    }
  }

  private static SqlError wrongScope(String name, String scope) {
    return new SqlError(
        ErrorCode.READ_ONLY_VARIABLE.error("Variable '" + name + "' is a " + scope + " variable"));
  }

  private @Nullable SqlValue sessionValue(String name) {
    SqlValue own = session.systemValue(name);
    if (own != null) {
      return own;
    }
    Instant now = clock.instant();
    return switch (name) {
      case "timestamp" ->
          new SqlValue(
              String.format(Locale.ROOT, "%d.%06d", now.getEpochSecond(), now.getNano() / 1000),
              SqlValue.Type.DOUBLE);
      case "pseudo_thread_id" ->
          new SqlValue(Long.toString(client.connectionId()), SqlValue.Type.UNSIGNED_BIGINT);
      case "warning_count" ->
          new SqlValue(Integer.toString(diagnostics.count()), SqlValue.Type.UNSIGNED_BIGINT);
      case "error_count" ->
          new SqlValue(Long.toString(diagnostics.errors()), SqlValue.Type.UNSIGNED_BIGINT);
      case "in_transaction" ->
          system.presented().isMySql()
              ? null
              : new SqlValue(session.isInTransaction() ? "1" : "0", SqlValue.Type.UNSIGNED_BIGINT);
      default -> null;
    };
  }

  private CompletableFuture<SqlValue> call(Call call) {
    return evaluate(call.arguments()).thenCompose(values -> apply(call.name(), values));
  }

  private CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments) {
    CompletableFuture<SqlValue> replication =
        (system.presented().isMySql() ? mySql : mariaDb).apply(name, arguments);
    if (replication != null) {
      return replication;
    }
    return switch (name) {
      case "USER", "SESSION_USER", "SYSTEM_USER" ->
          done(none(name, arguments, SqlValue.text(client.user() + "@" + client.host())));
      case "CURRENT_USER" -> done(none(name, arguments, SqlValue.text(client.account())));
      case "CURRENT_ROLE", "DATABASE", "SCHEMA" -> done(none(name, arguments, SqlValue.text(null)));
      case "CONNECTION_ID" ->
          done(
              none(
                  name,
                  arguments,
                  new SqlValue(Long.toString(client.connectionId()), SqlValue.Type.UNSIGNED_INT)));
      case "VERSION" -> done(none(name, arguments, SqlValue.text(system.version())));
      case "FOUND_ROWS", "ROW_COUNT" -> done(none(name, arguments, SqlValue.bigint(0)));
      case "LAST_INSERT_ID" ->
          done(none(name, arguments, new SqlValue("0", SqlValue.Type.UNSIGNED_BIGINT)));
      default -> done(timeOrPlain(name, arguments));
    };
  }

  private SqlValue timeOrPlain(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "UNIX_TIMESTAMP" ->
          none(name, arguments, SqlValue.bigint(clock.instant().getEpochSecond()));
      case "NOW", "CURRENT_TIMESTAMP", "SYSDATE", "LOCALTIME", "LOCALTIMESTAMP", "UTC_TIMESTAMP" ->
          new SqlValue(
              DATE_TIME.format(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)),
              SqlValue.Type.DATETIME);
      default -> {
        SqlValue value = Functions.apply(name, arguments);
        if (value == null) {
          throw system.dialect().unknownFunction(name);
        }
        yield value;
      }
    };
  }

  private SqlValue none(String name, List<SqlValue> arguments, SqlValue value) {
    if (!arguments.isEmpty()) {
      throw system.dialect().needlessArguments(name);
    }
    return value;
  }
}

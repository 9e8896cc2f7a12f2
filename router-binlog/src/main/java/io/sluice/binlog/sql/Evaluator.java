package io.sluice.binlog.sql;

import io.sluice.binlog.sql.Expression.Call;
import io.sluice.binlog.sql.Expression.Literal;
import io.sluice.binlog.sql.Expression.SystemVariable;
import io.sluice.binlog.sql.Expression.UserVariable;
import io.sluice.binlog.store.BinlogStore;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions for one session. Confined to its event loop; what needs the store completes
 * later.
 */
final class Evaluator {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final SystemVariables system;
  private final SessionVariables session;
  private final BinlogStore store;
  private final Clock clock;
  private final ClientFacts client;

  /**
   * What is known of the client.
   *
   * @param connectionId the session's number
   * @param user with the address it came from, as USER() shows it
   * @param account the account that it was let in by, as CURRENT_USER() shows it
   * @param version what it was greeted with, for the time before a master is known
   */
  record ClientFacts(long connectionId, String user, String account, String version) {}

  Evaluator(
      SystemVariables system,
      SessionVariables session,
      BinlogStore store,
      Clock clock,
      ClientFacts client) {
    this.system = system;
    this.session = session;
    this.store = store;
    this.clock = clock;
    this.client = client;
  }

  CompletableFuture<SqlValue> evaluate(Expression expression) {
    return switch (expression.kind()) {
      case LITERAL -> done(((Literal) expression).value());
      case DEFAULT -> done(SqlValue.NULL);
      case USER_VARIABLE -> done(session.userValue(((UserVariable) expression).name()));
      case SYSTEM_VARIABLE -> done(variable((SystemVariable) expression));
      case CALL -> call((Call) expression);
    };
  }

  private static CompletableFuture<SqlValue> done(SqlValue value) {
    return CompletableFuture.completedFuture(value);
  }

  private SqlValue variable(SystemVariable variable) {
    String name = variable.name();
    if (!variable.isGlobal()) {
      SqlValue own = session.systemValue(name);
      if (own != null) {
        return own;
      }
      if (name.equals("timestamp")) {
        return SqlValue.of(clock.millis() / 1000);
      }
      if (name.equals("pseudo_thread_id")) {
        return SqlValue.of(client.connectionId());
      }
    }
    if (name.equals("version")) {
      return SqlValue.text(version());
    }
    String printed = system.find(name, variable.isGlobal());
    if (printed == null) {
      if (!variable.isGlobal() && system.isUnknowable(name)) {
        return SqlValue.NULL;
      }
      throw SqlError.unknownVariable(name);
    }
    return SystemVariables.selected(name, printed);
  }

  private String version() {
    try {
      String known = system.find("version", true);
      if (known != null) {
        return known;
      }
    } catch (SqlError e) {
      // No master has been asked yet: what the greeting said must do.
      return client.version();
    }
    return client.version();
  }

  private CompletableFuture<SqlValue> call(Call call) {
    List<CompletableFuture<SqlValue>> pending = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      pending.add(evaluate(argument));
    }
    return all(pending).thenCompose(values -> apply(call.name(), values));
  }

  /** All values in order, once each is there. */
  static CompletableFuture<List<SqlValue>> all(List<CompletableFuture<SqlValue>> pending) {
    return CompletableFuture.allOf(pending.toArray(new CompletableFuture<?>[0]))
        .thenApply(
            done -> {
              List<SqlValue> values = new ArrayList<>();
              pending.forEach(value -> values.add(value.join()));
              return values;
            });
  }

  private CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "UNIX_TIMESTAMP" ->
          done(noArguments(name, arguments, SqlValue.of(clock.millis() / 1000)));
      case "NOW", "CURRENT_TIMESTAMP", "SYSDATE", "LOCALTIME", "LOCALTIMESTAMP" ->
          done(
              SqlValue.text(
                  DATE_TIME.format(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))));
      case "VERSION" -> done(noArguments(name, arguments, SqlValue.text(version())));
      case "DATABASE", "SCHEMA" -> done(SqlValue.NULL);
      case "USER", "SESSION_USER", "SYSTEM_USER" -> done(SqlValue.text(client.user()));
      case "CURRENT_USER" -> done(SqlValue.text(client.account()));
      case "CONNECTION_ID" -> done(SqlValue.of(client.connectionId()));
      case "LAST_INSERT_ID", "FOUND_ROWS", "ROW_COUNT" -> done(SqlValue.of(0));
      case "BINLOG_GTID_POS" -> binlogGtidPos(arguments);
      default -> done(Functions.apply(name, arguments));
    };
  }

  private static SqlValue noArguments(String name, List<SqlValue> arguments, SqlValue value) {
    if (!arguments.isEmpty()) {
      throw SqlError.unsupported(name + " with arguments");
    }
    return value;
  }

  private CompletableFuture<SqlValue> binlogGtidPos(List<SqlValue> arguments) {
    Functions.arguments("BINLOG_GTID_POS", arguments, 2);
    @Nullable String file = arguments.get(0).text();
    if (file == null || arguments.get(1).isNull()) {
      return done(SqlValue.NULL);
    }
    return store
        .gtidAt(file, arguments.get(1).asLong())
        .thenApply(
            position ->
                position
                    .map(list -> new SqlValue(list.toString(), SqlValue.Type.LONG_TEXT))
                    .orElse(SqlValue.NULL));
  }
}

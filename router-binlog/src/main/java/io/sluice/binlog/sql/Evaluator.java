package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.master.VariableTraits;
import io.sluice.binlog.sql.Expression.Assignment;
import io.sluice.binlog.sql.Expression.Call;
import io.sluice.binlog.sql.Expression.Literal;
import io.sluice.binlog.sql.Expression.SystemVariable;
import io.sluice.binlog.sql.Expression.UserVariable;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.binlog.store.Watermark;
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
  private final BinlogStore store;
  private final Clock clock;
  private final Client client;
  private final Diagnostics diagnostics;
  private final ScheduledExecutorService loop;
  private final PositionWait waits;

  Evaluator(
      SystemVariables system,
      SessionVariables session,
      BinlogStore store,
      Clock clock,
      Client client,
      Diagnostics diagnostics,
      ScheduledExecutorService loop) {
    this.system = system;
    this.session = session;
    this.store = store;
    this.clock = clock;
    this.client = client;
    this.diagnostics = diagnostics;
    this.loop = loop;
    this.waits = new PositionWait(clock, loop);
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
    VariableTraits traits = system.traits(name);
    if (traits != null && variable.isGlobal() && traits.isSessionOnly()) {
      throw wrongScope(name, "SESSION");
    }
    if (traits != null
        && !variable.scope().isEmpty()
        && traits.isGlobalOnly()
        && !variable.isGlobal()) {
      throw wrongScope(name, "GLOBAL");
    }
    if (!variable.isGlobal()) {
      SqlValue own = sessionValue(name);
      if (own != null) {
        return own;
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
    boolean list = name.equals(VariableSetter.TRACKED) && !variable.isGlobal();
    return system.selected(name, list ? VariableSetter.sorted(printed) : printed);
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
          new SqlValue(session.isInTransaction() ? "1" : "0", SqlValue.Type.UNSIGNED_BIGINT);
      default -> null;
    };
  }

  /** The version that clients are told. */
  String version() {
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
    return evaluate(call.arguments()).thenCompose(values -> apply(call.name(), values));
  }

  private CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "BINLOG_GTID_POS" -> binlogGtidPos(arguments);
      case "MASTER_GTID_WAIT" -> masterGtidWait(arguments);
      case "MASTER_POS_WAIT", "SOURCE_POS_WAIT" -> masterPosWait(name, arguments);
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
      case "VERSION" -> done(none(name, arguments, SqlValue.text(version())));
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
      default -> Functions.apply(name, arguments);
    };
  }

  private static SqlValue none(String name, List<SqlValue> arguments, SqlValue value) {
    if (!arguments.isEmpty()) {
      throw SqlError.unsupported(name + " with arguments");
    }
    return value;
  }

  private CompletableFuture<SqlValue> binlogGtidPos(List<SqlValue> arguments) {
    Functions.arguments("BINLOG_GTID_POS", arguments, 2, 2);
    @Nullable String file = arguments.get(0).text();
    if (file == null || arguments.get(1).isNull()) {
      return done(new SqlValue(null, SqlValue.Type.LONG_TEXT));
    }
    return store
        .gtidAt(file, arguments.get(1).asLong())
        .thenApplyAsync(
            position ->
                new SqlValue(
                    position.map(MariaDbGtidList::toString).orElse(null), SqlValue.Type.LONG_TEXT),
            loop);
  }

  private CompletableFuture<SqlValue> masterGtidWait(List<SqlValue> arguments) {
    Functions.arguments("MASTER_GTID_WAIT", arguments, 1, 2);
    @Nullable String text = arguments.get(0).text();
    if (text == null) {
      return done(new SqlValue(null, SqlValue.Type.INT));
    }
    MariaDbGtidList wanted;
    try {
      wanted = MariaDbGtidList.parse(text);
    } catch (GtidFormatException e) {
      throw new SqlError(new ReplyError(1941, "HY000", "Could not parse GTID list"));
    }
    return waits.until(() -> has(wanted), timeout(arguments, 1));
  }

  private boolean has(MariaDbGtidList wanted) {
    MariaDbGtidList ours = store.watermark().state().position();
    for (MariaDbGtid gtid : wanted) {
      MariaDbGtid reached = ours.get(gtid.domain());
      if (reached == null || !reached.reaches(gtid.sequence())) {
        return false;
      }
    }
    return true;
  }

  private CompletableFuture<SqlValue> masterPosWait(String name, List<SqlValue> arguments) {
    Functions.arguments(name, arguments, 2, 4);
    @Nullable String file = arguments.get(0).text();
    if (file == null || arguments.get(1).isNull()) {
      return done(new SqlValue(null, SqlValue.Type.INT));
    }
    long position = arguments.get(1).asLong();
    return waits.until(() -> has(file, position), timeout(arguments, 2));
  }

  private boolean has(String file, long position) {
    Watermark end = store.watermark();
    if (end.isEmpty()) {
      return false;
    }
    String current = end.file().name();
    int order =
        current.length() == file.length()
            ? current.compareTo(file)
            : Integer.compare(current.length(), file.length());
    return order > 0 || (order == 0 && end.offset() >= position);
  }

  /** Seconds, or a negative number for as long as it takes. */
  private static double timeout(List<SqlValue> arguments, int index) {
    if (arguments.size() <= index || arguments.get(index).isNull()) {
      return -1;
    }
    return arguments.get(index).number().doubleValue();
  }
}

package io.sluice.binlog.sql;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ReplicaRow;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.sql.ReplicationStatement.Assignment;
import io.sluice.binlog.sql.ReplicationStatement.Item;
import io.sluice.binlog.sql.ReplicationStatement.Select;
import io.sluice.binlog.sql.ReplicationStatement.Show;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers statements for one session: from what the master said of itself and from the relay's own
 * state. Confined to the event loop of the session; an answer that needs the store completes on
 * another thread.
 */
public final class StatementExecutor {
  private final BinlogStatus status;
  private final Sessions sessions;
  private final SessionVariables variables;
  private final SystemVariables system;
  private final Evaluator evaluator;
  private final Client client;

  /**
   * Who asks.
   *
   * @param connectionId the session's number
   * @param user the user's name
   * @param host the client's address
   * @param account the account that let it in
   * @param version what it was greeted with
   * @param mayKill whether it may end sessions of others
   */
  public record Client(
      long connectionId,
      String user,
      String host,
      String account,
      String version,
      BooleanSupplier mayKill) {}

  /** An executor for one session. */
  public StatementExecutor(
      BinlogStatus status, Sessions sessions, SessionVariables variables, Client client) {
    this.status = status;
    this.sessions = sessions;
    this.variables = variables;
    this.system = new SystemVariables(status.variables(), status.store());
    this.client = client;
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
      return run(StatementParser.parse(sql)).exceptionally(StatementExecutor::failed);
    } catch (SqlError e) {
      return done(new Answer.Failed(e.error()));
    }
  }

  private static Answer failed(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && !(cause instanceof SqlError)) {
      cause = cause.getCause();
    }
    return cause instanceof SqlError sqlError
        ? new Answer.Failed(sqlError.error())
        : new Answer.Failed(ErrorCode.UNKNOWN_ERROR.error("The log cannot be read"));
  }

  private static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private CompletableFuture<Answer> run(ReplicationStatement statement) {
    return switch (statement.kind()) {
      case SELECT -> select((Select) statement);
      case SET -> set(((ReplicationStatement.Set) statement).assignments());
      case SHOW -> done(show((Show) statement));
      case KILL -> done(kill((ReplicationStatement.Kill) statement));
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
        throw SqlError.unsupported("SET GLOBAL");
      }
      if (!assignment.user() && !isKnown(assignment.name())) {
        throw SqlError.unknownVariable(assignment.name());
      }
      pending.add(evaluator.evaluate(assignment.value()));
    }
    return Evaluator.all(pending)
        .thenApply(
            values -> {
              for (int i = 0; i < values.size(); i++) {
                assign(assignments.get(i), values.get(i));
              }
              return new Answer.Ok();
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

  private Answer show(Show show) {
    return switch (show.subject()) {
      case GLOBAL_VARIABLES -> pairs(system.all(true), show.filter());
      case SESSION_VARIABLES -> pairs(sessionVariables(), show.filter());
      case STATUS -> pairs(StatusVariables.of(status), show.filter());
      case MASTER_STATUS -> masterStatus();
      case BINARY_LOGS -> binaryLogs();
      case SLAVE_STATUS -> SlaveStatus.of(status, false);
      case ALL_SLAVES_STATUS -> SlaveStatus.of(status, true);
      case SLAVE_HOSTS -> slaveHosts();
      case PROCESSLIST -> processList();
      case WARNINGS ->
          new Answer.Rows(
              List.of(
                  ColumnDefinition.string("Level", 7),
                  ColumnDefinition.unsignedInteger("Code"),
                  ColumnDefinition.string("Message", 512)),
              List.of());
      case DATABASES -> new Answer.Rows(List.of(ColumnDefinition.string("Database")), List.of());
    };
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

  private static Answer pairs(Map<String, String> values, @Nullable NameFilter filter) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (filter == null || filter.matches(name)) {
            rows.add(List.of(name, value));
          }
        });
    return new Answer.Rows(
        List.of(
            ColumnDefinition.string("Variable_name", 64), ColumnDefinition.string("Value", 2048)),
        rows);
  }

  private Answer masterStatus() {
    Watermark end = status.store().watermark();
    List<List<@Nullable Object>> rows =
        end.isEmpty() ? List.of() : List.of(List.of(end.file().name(), end.offset(), "", ""));
    return new Answer.Rows(
        List.of(
            ColumnDefinition.string("File"),
            ColumnDefinition.unsignedBigint("Position"),
            ColumnDefinition.string("Binlog_Do_DB"),
            ColumnDefinition.string("Binlog_Ignore_DB")),
        rows);
  }

  private Answer binaryLogs() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StoredFile file : status.store().inventory().files()) {
      rows.add(List.of(file.id().name(), file.size()));
    }
    return new Answer.Rows(
        List.of(ColumnDefinition.string("Log_name"), ColumnDefinition.unsignedBigint("File_size")),
        rows);
  }

  private Answer slaveHosts() {
    MasterFacts facts = status.variables().facts();
    long masterId = facts == null ? 0 : facts.serverId();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    status
        .registry()
        .all()
        .forEach(
            replica -> {
              if (replica.isRegistered()) {
                rows.add(
                    List.of(replica.serverId(), replica.host(), (long) replica.port(), masterId));
              }
            });
    return new Answer.Rows(
        List.of(
            ColumnDefinition.unsignedInteger("Server_id"),
            ColumnDefinition.string("Host"),
            ColumnDefinition.integer("Port"),
            ColumnDefinition.unsignedInteger("Master_id")),
        rows);
  }

  private Answer processList() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ReplicaRow row : status.replicas()) {
      if (row.session() != client.connectionId()) {
        rows.add(process(row.session(), row.user(), row.host(), "Binlog Dump", row.state()));
      }
    }
    rows.add(process(client.connectionId(), client.user(), client.host(), "Query", "starting"));
    return new Answer.Rows(
        List.of(
            ColumnDefinition.bigint("Id"),
            ColumnDefinition.string("User"),
            ColumnDefinition.string("Host"),
            ColumnDefinition.string("db"),
            ColumnDefinition.string("Command"),
            ColumnDefinition.integer("Time"),
            ColumnDefinition.string("State"),
            ColumnDefinition.string("Info"),
            ColumnDefinition.real("Progress")),
        rows);
  }

  private static List<@Nullable Object> process(
      long id, String user, String host, String command, String state) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(id);
    row.add(user);
    row.add(host);
    row.add(null);
    row.add(command);
    row.add(0L);
    row.add(state);
    row.add(null);
    row.add(0.0);
    return row;
  }

  private Answer kill(ReplicationStatement.Kill kill) {
    long id = kill.id();
    boolean own =
        status.registry().all().stream()
            .anyMatch(r -> r.session() == id && r.user().equals(client.user()));
    if (id != client.connectionId() && !own && !client.mayKill().getAsBoolean()) {
      return new Answer.Failed(ErrorCode.KILL_DENIED.error("You are not owner of thread " + id));
    }
    if (!kill.connection()) {
      return new Answer.Ok();
    }
    ReplyError error = ErrorCode.CONNECTION_KILLED.error("Connection was killed");
    boolean found =
        sessions.kill(id, Failure.lasting(CloseReason.KILLED, "killed by a client", error));
    return found
        ? new Answer.Ok()
        : new Answer.Failed(ErrorCode.NO_SUCH_THREAD.error("Unknown thread id: " + id));
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

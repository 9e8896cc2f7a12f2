package io.sluice.binlog.sql.show;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.sql.Access;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.NameFilter;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.show.ShowStatement.Limit;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers SHOW for one session. Confined to its event loop; what needs the store's files completes
 * later.
 */
public final class ShowExecutor {
  private final BinlogStatus status;
  private final Variables variables;
  private final Diagnostics diagnostics;
  private final Client client;

  /** The system variables as SHOW VARIABLES prints them. */
  public interface Variables {
    /** All of them. */
    Map<String, String> all(boolean global);
  }

  /** For one session. */
  public ShowExecutor(
      BinlogStatus status, Variables variables, Diagnostics diagnostics, Client client) {
    this.status = status;
    this.variables = variables;
    this.diagnostics = diagnostics;
    this.client = client;
  }

  /** The answer. */
  public CompletableFuture<Answer> show(ShowStatement show) {
    checkAccess(show);
    checkConnection(show);
    if (show.subject() == ShowStatement.Subject.BINLOG_EVENTS && show.events() != null) {
      return new BinlogEvents(status.store(), version()).open(show.events());
    }
    return CompletableFuture.completedFuture(answer(show));
  }

  private PresentedVersion version() {
    String known = status.variables().get("version");
    return PresentedVersion.of(known == null ? client.version() : known);
  }

  private void checkAccess(ShowStatement show) {
    switch (show.subject()) {
      case MASTER_STATUS, BINARY_LOGS, BINLOG_EVENTS ->
          Access.BINLOG_MONITOR.require(client, version());
      case SLAVE_STATUS, ALL_SLAVES_STATUS, RELAYLOG_EVENTS ->
          Access.SLAVE_MONITOR.require(client, version());
      case SLAVE_HOSTS -> Access.REPLICATION_MASTER_ADMIN.require(client, version());
      default -> {}
    }
  }

  /** There is one connection to a master, and it has no name. */
  private static void checkConnection(ShowStatement show) {
    switch (show.subject()) {
      case SLAVE_STATUS, RELAYLOG_EVENTS -> {
        if (!show.text().isEmpty()) {
          throw SqlError.unknownConnection(show.text());
        }
      }
      default -> {}
    }
  }

  private Answer answer(ShowStatement show) {
    return switch (show.subject()) {
      case GLOBAL_VARIABLES -> pairs("SESSION_VARIABLES", variables.all(true), show.filter());
      case SESSION_VARIABLES -> pairs("SESSION_VARIABLES", variables.all(false), show.filter());
      case STATUS, GLOBAL_STATUS -> pairs("SESSION_STATUS", statusVariables(), show.filter());
      case MASTER_STATUS -> masterStatus();
      case BINARY_LOGS -> binaryLogs();
      case BINLOG_EVENTS, RELAYLOG_EVENTS -> throw BinlogEvents.error(BinlogEvents.NO_FILE);
      case SLAVE_STATUS -> SlaveStatus.of(status, status.control().config(), version(), false);
      case ALL_SLAVES_STATUS -> SlaveStatus.of(status, status.control().config(), version(), true);
      case SLAVE_HOSTS -> slaveHosts();
      case PROCESSLIST ->
          ProcessList.of(status.clients(), status.registry(), client, version(), false);
      case FULL_PROCESSLIST ->
          ProcessList.of(status.clients(), status.registry(), client, version(), true);
      case WARNINGS -> conditions(show.rows(), false);
      case ERRORS -> conditions(show.rows(), true);
      case WARNING_COUNT -> count("@@session.warning_count", diagnostics.count());
      case ERROR_COUNT -> count("@@session.error_count", diagnostics.errors());
      case GRANTS -> grants(show.text());
      case DATABASES ->
          new Answer.Rows(
              List.of(
                  Columns.ofTable("SCHEMATA", "SCHEMA_NAME", Columns.text("Database", 64), false)),
              List.of());
    };
  }

  private Map<String, String> statusVariables() {
    return StatusVariables.of(status, status.control().config());
  }

  private Answer grants(String account) {
    if (!account.isEmpty() && !account.equals(client.account())) {
      throw new SqlError(
          new ReplyError(
              1044,
              "42000",
              "Access denied for user "
                  + Grants.quoted(client.account(), '\'')
                  + " to database 'mysql'"));
    }
    return new Answer.Rows(
        List.of(Columns.text("Grants for " + client.account(), 1024)), Grants.of(client));
  }

  private Answer conditions(Limit limit, boolean errorsOnly) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    diagnostics.conditions().stream()
        .filter(c -> !errorsOnly || c.level() == Diagnostics.Level.ERROR)
        .skip(limit.offset())
        .limit(limit.count())
        .forEach(c -> rows.add(List.of(c.level().text(), (long) c.code(), c.message())));
    return new Answer.Rows(
        List.of(Columns.text("Level", 7), Columns.number("Code", 4), Columns.text("Message", 512)),
        rows);
  }

  private static Answer count(String name, long value) {
    return new Answer.Rows(List.of(Columns.count(name)), List.of(List.of(value)));
  }

  private Answer pairs(String table, Map<String, String> values, @Nullable NameFilter filter) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (filter == null || filter.matches(name, value)) {
            rows.add(List.of(name, value));
          }
        });
    int length = version().isAtLeast(10, 6) ? 4096 : 2048;
    return new Answer.Rows(
        List.of(
            Columns.ofTable(table, "VARIABLE_NAME", Columns.text("Variable_name", 64), false),
            Columns.ofTable(table, "VARIABLE_VALUE", Columns.text("Value", length), false)),
        rows);
  }

  private Answer masterStatus() {
    Watermark end = status.store().watermark();
    List<List<@Nullable Object>> rows =
        end.isEmpty() ? List.of() : List.of(List.of(end.file().name(), end.offset(), "", ""));
    return new Answer.Rows(
        List.of(
            Columns.text("File", 512),
            Columns.bigNumber("Position", 20),
            Columns.text("Binlog_Do_DB", 255),
            Columns.text("Binlog_Ignore_DB", 255)),
        rows);
  }

  private Answer binaryLogs() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StoredFile file : status.store().inventory().files()) {
      rows.add(List.of(file.id().name(), file.size()));
    }
    return new Answer.Rows(
        List.of(Columns.text("Log_name", 255), Columns.bigNumber("File_size", 20)), rows);
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
            Columns.number("Server_id", 10),
            Columns.text("Host", 20),
            Columns.number("Port", 7),
            Columns.number("Master_id", 10)),
        rows);
  }
}

package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ReplicaRow;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.NameFilter;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.message.ColumnDefinition;
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
    return CompletableFuture.completedFuture(answer(show));
  }

  private Answer answer(ShowStatement show) {
    return switch (show.subject()) {
      case GLOBAL_VARIABLES -> pairs(variables.all(true), show.filter());
      case SESSION_VARIABLES -> pairs(variables.all(false), show.filter());
      case STATUS -> pairs(StatusVariables.of(status), show.filter());
      case MASTER_STATUS -> masterStatus();
      case BINARY_LOGS -> binaryLogs();
      case SLAVE_STATUS -> SlaveStatus.of(status, false);
      case ALL_SLAVES_STATUS -> SlaveStatus.of(status, true);
      case SLAVE_HOSTS -> slaveHosts();
      case PROCESSLIST -> processList();
      case WARNINGS -> warnings();
      case DATABASES -> new Answer.Rows(List.of(ColumnDefinition.string("Database")), List.of());
    };
  }

  private Answer warnings() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    diagnostics
        .conditions()
        .forEach(c -> rows.add(List.of(c.level().text(), (long) c.code(), c.message())));
    return new Answer.Rows(
        List.of(
            ColumnDefinition.string("Level", 7),
            ColumnDefinition.unsignedInteger("Code"),
            ColumnDefinition.string("Message", 512)),
        rows);
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
}

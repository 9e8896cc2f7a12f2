package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.sql.Access;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.NameFilter;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.show.ShowStatement.Limit;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
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
    ShowDialect dialect = ShowDialect.of(version());
    Access access = dialect.access(show.subject());
    if (access != null) {
      access.require(client, version());
    }
    checkConnection(show, dialect);
    if (show.subject() == Subject.BINLOG_EVENTS && show.events() != null) {
      return dialect.events(status, show.events());
    }
    Diagnostics.Condition warning = dialect.warning(show.subject(), status);
    if (warning != null) {
      diagnostics.add(List.of(warning));
    }
    return CompletableFuture.completedFuture(answer(show, dialect));
  }

  private PresentedVersion version() {
    String known = status.variables().get("version");
    return PresentedVersion.of(known == null ? client.version() : known);
  }

  /** There is one connection to a master, and it has no name. */
  private static void checkConnection(ShowStatement show, ShowDialect dialect) {
    switch (show.subject()) {
      case SLAVE_STATUS, REPLICA_STATUS, RELAYLOG_EVENTS -> {
        if (!show.text().isEmpty()) {
          throw dialect.unknownConnection(show.text());
        }
      }
      default -> {}
    }
  }

  private Answer answer(ShowStatement show, ShowDialect dialect) {
    Subject subject = show.subject();
    return switch (subject) {
      case GLOBAL_VARIABLES, SESSION_VARIABLES ->
          pairs(dialect, show, variables.all(subject == Subject.GLOBAL_VARIABLES));
      case STATUS, GLOBAL_STATUS -> pairs(dialect, show, dialect.statusVariables(status));
      case MASTER_STATUS -> dialect.logStatus(status);
      case BINARY_LOGS -> dialect.binaryLogs(status);
      case BINLOG_EVENTS, RELAYLOG_EVENTS -> dialect.relayLogEvents();
      case SLAVE_STATUS, REPLICA_STATUS, ALL_SLAVES_STATUS ->
          dialect.replicaStatus(status, subject);
      case SLAVE_HOSTS, REPLICAS -> dialect.replicas(status, subject);
      case PROCESSLIST -> dialect.processList(status, client, false);
      case FULL_PROCESSLIST -> dialect.processList(status, client, true);
      case WARNINGS -> conditions(dialect, show.rows(), false);
      case ERRORS -> conditions(dialect, show.rows(), true);
      case WARNING_COUNT -> count("@@session.warning_count", diagnostics.count());
      case ERROR_COUNT -> count("@@session.error_count", diagnostics.errors());
      case GRANTS -> grants(dialect, show.text());
      case DATABASES -> new Answer.Rows(List.of(dialect.databaseColumn()), List.of());
    };
  }

  private Answer grants(ShowDialect dialect, String account) {
    if (!account.isEmpty() && !account.equals(client.account())) {
      throw dialect.othersGrants(client);
    }
    return dialect.grants(client);
  }

  private Answer conditions(ShowDialect dialect, Limit limit, boolean errorsOnly) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    diagnostics.conditions().stream()
        .filter(c -> !errorsOnly || c.level() == Diagnostics.Level.ERROR)
        .skip(limit.offset())
        .limit(limit.count())
        .forEach(c -> rows.add(List.of(c.level().text(), (long) c.code(), c.message())));
    return new Answer.Rows(dialect.conditionColumns(), rows);
  }

  private static Answer count(String name, long value) {
    return new Answer.Rows(List.of(Columns.count(name)), List.of(List.of(value)));
  }

  private static Answer pairs(ShowDialect dialect, ShowStatement show, Map<String, String> values) {
    NameFilter filter = show.filter();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (filter == null || filter.matches(name, value)) {
            rows.add(List.of(name, value));
          }
        });
    return new Answer.Rows(dialect.pairColumns(show.subject()), rows);
  }
}

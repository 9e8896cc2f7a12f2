package io.sluice.binlog.sql.control;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.control.ControlException;
import io.sluice.binlog.control.ControlNote;
import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.sql.Access;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.control.ControlStatement.Threads;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what changes something, for one session: checks the privilege that a server asks for,
 * then gives the order. Confined to the session's event loop; outcomes may come on other threads.
 */
public final class ControlExecutor {
  private static final int STARTED = 1937;
  private static final int STOPPED = 1938;
  private static final int WRONG_DATE = 1292;

  private final BinlogStatus status;
  private final RelayControl control;
  private final Sessions sessions;
  private final Diagnostics diagnostics;
  private final Client client;

  /** For one session. */
  public ControlExecutor(
      BinlogStatus status, Sessions sessions, Diagnostics diagnostics, Client client) {
    this.status = status;
    this.control = status.control();
    this.sessions = sessions;
    this.diagnostics = diagnostics;
    this.client = client;
  }

  /** The outcome. */
  public CompletableFuture<Answer> execute(ControlStatement statement) {
    return switch (statement.kind()) {
      case KILL -> CompletableFuture.completedFuture(kill((ControlStatement.Kill) statement));
      case CHANGE_MASTER -> changeMaster((ControlStatement.ChangeMaster) statement);
      case START_SLAVE -> start((ControlStatement.StartSlave) statement);
      case STOP_SLAVE -> stop((ControlStatement.StopSlave) statement);
      case RESET_SLAVE -> reset((ControlStatement.ResetSlave) statement);
      case RESET_MASTER -> {
        require(Access.RELOAD);
        throw unsupported("RESET MASTER: its log is a copy of its master's");
      }
      case PURGE_TO -> {
        require(Access.BINLOG_ADMIN);
        yield told(control.purgeTo(((ControlStatement.PurgeTo) statement).file()));
      }
      case PURGE_BEFORE -> purgeBefore(((ControlStatement.PurgeBefore) statement).time());
      case FLUSH -> flush(((ControlStatement.Flush) statement).things());
    };
  }

  private void require(Access access) {
    String version = status.variables().get("version");
    access.require(client, PresentedVersion.of(version == null ? client.version() : version));
  }

  private static SqlError unsupported(String what) {
    return new SqlError(ErrorCode.NOT_SUPPORTED.error("This relay doesn't support " + what));
  }

  /** The notes of an order go where SHOW WARNINGS finds them. */
  private CompletableFuture<Answer> told(CompletableFuture<List<ControlNote>> order) {
    return order.handle(
        (notes, failure) -> {
          if (failure != null) {
            throw refusal(failure);
          }
          for (ControlNote note : notes) {
            if (note.level() == ControlNote.Level.NOTE) {
              diagnostics.note(note.code(), note.message());
            } else {
              diagnostics.warning(note.code(), note.message());
            }
          }
          return new Answer.Ok(diagnostics.count());
        });
  }

  private static RuntimeException refusal(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof ControlException refused) {
        return new SqlError(
            new ReplyError(
                refused.code(), refused.sqlState(), String.valueOf(refused.getMessage())));
      }
      cause = cause.getCause();
    }
    return new SqlError(ErrorCode.UNKNOWN_ERROR.error("The order could not be carried out"));
  }

  private CompletableFuture<Answer> changeMaster(ControlStatement.ChangeMaster statement) {
    require(Access.REPLICATION_SLAVE_ADMIN);
    if (!statement.connection().isEmpty()) {
      throw unsupported(
          "CHANGE MASTER '"
              + statement.connection()
              + "': it has one connection to a master, and that has no name");
    }
    if (statement.unsupported() != null) {
      throw unsupported("the option " + statement.unsupported() + " of CHANGE MASTER");
    }
    return told(control.changeMaster(statement.change()));
  }

  private static void requireKnown(String connection) {
    if (!connection.isEmpty()) {
      throw SqlError.unknownConnection(connection);
    }
  }

  private static void requireReceiver(Threads threads) {
    if (threads == Threads.SQL) {
      throw unsupported("SQL_THREAD: it applies nothing, what it receives it stores at once");
    }
  }

  private CompletableFuture<Answer> start(ControlStatement.StartSlave statement) {
    require(Access.REPLICATION_SLAVE_ADMIN);
    requireKnown(statement.connection());
    requireReceiver(statement.threads());
    if (statement.until()) {
      throw unsupported("START SLAVE UNTIL: its replicas have that");
    }
    return told(
        statement.every() ? every(control.startSlave(), STARTED, "started") : control.startSlave());
  }

  private CompletableFuture<Answer> stop(ControlStatement.StopSlave statement) {
    require(Access.REPLICATION_SLAVE_ADMIN);
    requireKnown(statement.connection());
    requireReceiver(statement.threads());
    return told(
        statement.every() ? every(control.stopSlave(), STOPPED, "stopped") : control.stopSlave());
  }

  /** ALL SLAVES: a note for each connection that the order had an effect on, nothing for others. */
  private static CompletableFuture<List<ControlNote>> every(
      CompletableFuture<List<ControlNote>> order, int code, String done) {
    return order.thenApply(
        notes ->
            notes.isEmpty()
                ? List.of(new ControlNote(ControlNote.Level.NOTE, code, "SLAVE '' " + done))
                : List.of());
  }

  private CompletableFuture<Answer> reset(ControlStatement.ResetSlave statement) {
    require(Access.RELOAD);
    requireKnown(statement.connection());
    return told(control.resetSlave(statement.all()));
  }

  /** What is no date purges nothing, and a warning says so, as for a server. */
  private CompletableFuture<Answer> purgeBefore(PurgeTime time) {
    require(Access.BINLOG_ADMIN);
    Optional<Instant> moment = time.at(status.clock().instant());
    if (moment.isPresent()) {
      return told(control.purgeBefore(moment.get()));
    }
    if (time.text() != null && !time.text().isEmpty()) {
      diagnostics.warning(WRONG_DATE, "Incorrect datetime value: '" + time.text() + "'");
    }
    return CompletableFuture.completedFuture(new Answer.Ok(diagnostics.count()));
  }

  /**
   * What has no meaning where there are no tables is done by doing nothing; what would have to do
   * something that cannot be done is refused.
   */
  private CompletableFuture<Answer> flush(List<String> things) {
    require(Access.RELOAD);
    for (String thing : things) {
      switch (thing) {
        case "TABLES",
            "QUERY CACHE",
            "STATUS",
            "USER_RESOURCES",
            "ENGINE LOGS",
            "ERROR LOGS",
            "GENERAL LOGS",
            "SLOW LOGS" -> {}
        case "BINARY LOGS", "LOGS", "RELAY LOGS" ->
            throw unsupported("FLUSH " + thing + ": its files are its master's; flush them there");
        case "PRIVILEGES" ->
            throw unsupported(
                "FLUSH PRIVILEGES: accounts are read from the master again by themselves");
        default -> throw unsupported("FLUSH " + thing);
      }
    }
    return CompletableFuture.completedFuture(new Answer.Ok());
  }

  /**
   * Refuses {@code SET GLOBAL} of a variable that cannot be set here.
   *
   * @param name in lower case
   * @param exists whether there is such a variable
   */
  public void checkGlobal(String name, boolean exists) {
    if (name.equals("gtid_slave_pos")) {
      require(Access.REPLICATION_SLAVE_ADMIN);
      return;
    }
    if (!exists) {
      throw SqlError.unknownVariable(name);
    }
    if (name.equals("gtid_binlog_pos")
        || name.equals("gtid_current_pos")
        || name.equals("version")) {
      throw new SqlError(
          ErrorCode.READ_ONLY_VARIABLE.error("Variable '" + name + "' is a read only variable"));
    }
    throw SqlError.unsupported("SET GLOBAL " + name);
  }

  /**
   * {@code SET GLOBAL name = value}.
   *
   * @param value null for NULL and DEFAULT
   * @param isText whether it was given as text rather than as a number
   */
  public CompletableFuture<Answer> setGlobal(String name, @Nullable String value, boolean isText) {
    if (value == null) {
      throw new SqlError(
          ErrorCode.WRONG_VALUE_FOR_VARIABLE.error(
              "Variable '" + name + "' can't be set to the value of 'NULL'"));
    }
    if (!isText) {
      throw new SqlError(
          new ReplyError(1232, "42000", "Incorrect argument type to variable '" + name + "'"));
    }
    try {
      return told(control.setGtidSlavePos(MariaDbGtidList.parse(value)));
    } catch (GtidFormatException e) {
      throw new SqlError(new ReplyError(e.errorCode(), "HY000", String.valueOf(e.getMessage())));
    }
  }

  private Answer kill(ControlStatement.Kill kill) {
    long id = kill.id();
    boolean own =
        status.registry().all().stream()
            .anyMatch(r -> r.session() == id && r.user().equals(client.user()));
    if (id != client.connectionId()
        && !own
        && !client.hasAny(Privilege.CONNECTION_ADMIN, Privilege.SUPER)) {
      boolean known = status.clients().all().stream().anyMatch(session -> session.id() == id);
      return new Answer.Failed(
          known
              ? ErrorCode.KILL_DENIED.error("You are not owner of thread " + id)
              : ErrorCode.NO_SUCH_THREAD.error("Unknown thread id: " + id));
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
}

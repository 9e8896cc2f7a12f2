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
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.sql.Access;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.control.ControlStatement.Threads;
import io.sluice.binlog.store.StoredFile;
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
  private static final int LOG_IS_ACTIVE = 1868;
  private static final int NO_GTID_MODE = 1839;

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
        require(Access.FLUSH_TABLES);
        throw unsupported(
            (words().hasOld() ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS")
                + ": its log is a copy of its master's");
      }
      case PURGE_TO -> {
        require(Access.PURGE);
        yield told(control.purgeTo(((ControlStatement.PurgeTo) statement).file()));
      }
      case PURGE_BEFORE -> purgeBefore(((ControlStatement.PurgeBefore) statement).time());
      case FLUSH -> flush(((ControlStatement.Flush) statement).things());
    };
  }

  private PresentedVersion version() {
    String version = status.variables().get("version");
    return PresentedVersion.of(version == null ? client.version() : version);
  }

  private ReplicationWords words() {
    return new ReplicationWords(version());
  }

  private void require(Access access) {
    access.require(client, version());
  }

  private static SqlError unsupported(String what) {
    return new SqlError(ErrorCode.NOT_SUPPORTED.error("This relay doesn't support " + what));
  }

  /** The notes of an order go where SHOW WARNINGS finds them. */
  private CompletableFuture<Answer> told(CompletableFuture<List<ControlNote>> order) {
    return told(order, () -> {});
  }

  private CompletableFuture<Answer> told(
      CompletableFuture<List<ControlNote>> order, Runnable afterSuccess) {
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
          afterSuccess.run();
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
    require(Access.CHANGE_REPLICATION);
    String change = words().hasChangeSource() ? "CHANGE REPLICATION SOURCE" : "CHANGE MASTER";
    if (!statement.connection().isEmpty()) {
      throw unsupported(
          change
              + " '"
              + statement.connection()
              + "': it has one connection to a master, and that has no name");
    }
    if (statement.unsupported() != null) {
      throw unsupported("the option " + statement.unsupported() + " of " + change);
    }
    List<Diagnostics.Condition> remarks = List.of();
    if (version().isMySql()) {
      ChangeRemarks changeRemarks =
          new ChangeRemarks(version(), name -> status.variables().get(name));
      changeRemarks.refuse(statement.change(), status.store().watermark().isEmpty());
      remarks = changeRemarks.of(statement, client.isEncrypted());
    }
    List<Diagnostics.Condition> told = remarks;
    return told(control.changeMaster(statement.change()), () -> diagnostics.add(told));
  }

  private void requireKnown(String connection) {
    if (!connection.isEmpty()) {
      throw version().isMySql()
          ? words().unknownChannel(connection)
          : SqlError.unknownConnection(connection);
    }
  }

  private static void requireReceiver(Threads threads) {
    if (threads == Threads.SQL) {
      throw unsupported("SQL_THREAD: it applies nothing, what it receives it stores at once");
    }
  }

  private CompletableFuture<Answer> start(ControlStatement.StartSlave statement) {
    require(Access.RUN_REPLICATION);
    requireKnown(statement.connection());
    requireReceiver(statement.threads());
    if (statement.until()) {
      throw unsupported(
          (words().hasOld() ? "START SLAVE" : "START REPLICA") + " UNTIL: its replicas have that");
    }
    return told(
        statement.every() ? every(control.startSlave(), STARTED, "started") : control.startSlave());
  }

  private CompletableFuture<Answer> stop(ControlStatement.StopSlave statement) {
    require(Access.RUN_REPLICATION);
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
    require(Access.PURGE);
    Optional<Instant> moment = time.at(status.clock().instant());
    if (moment.isPresent()) {
      return told(control.purgeBefore(moment.get()), this::tellOfActiveFile);
    }
    if (time.text() != null && !time.text().isEmpty()) {
      diagnostics.warning(WRONG_DATE, "Incorrect datetime value: '" + time.text() + "'");
    }
    tellOfActiveFile();
    return CompletableFuture.completedFuture(new Answer.Ok(diagnostics.count()));
  }

  /** MySQL has something to say when only the file is left that is written. */
  private void tellOfActiveFile() {
    List<StoredFile> files = status.store().inventory().files();
    if (version().isMySql() && files.size() == 1) {
      diagnostics.warning(
          LOG_IS_ACTIVE,
          "file ./"
              + files.get(0).id().name()
              + " was not purged because it is the active log file.");
    }
  }

  /**
   * What has no meaning where there are no tables is done by doing nothing; what would have to do
   * something that cannot be done is refused.
   */
  private CompletableFuture<Answer> flush(List<String> things) {
    for (String thing : things) {
      require(access(thing));
      switch (thing) {
        case "OPTIMIZER_COSTS", "HOSTS", "DES_KEY_FILE" -> {
          if (!version().isMySql()) {
            throw unsupported("FLUSH " + thing);
          }
        }
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

  private static Access access(String flushed) {
    return switch (flushed) {
      case "TABLES", "TABLES WITH READ LOCK" -> Access.FLUSH_TABLES;
      case "PRIVILEGES" -> Access.FLUSH_PRIVILEGES;
      case "STATUS" -> Access.FLUSH_STATUS;
      case "USER_RESOURCES" -> Access.FLUSH_USER_RESOURCES;
      case "OPTIMIZER_COSTS" -> Access.FLUSH_OPTIMIZER_COSTS;
      default -> Access.RELOAD;
    };
  }

  /**
   * Refuses {@code SET GLOBAL} of a variable that cannot be set here.
   *
   * @param name in lower case
   * @param exists whether there is such a variable
   */
  public void checkGlobal(String name, boolean exists) {
    boolean mySql = version().isMySql();
    if (!mySql && name.equals("gtid_slave_pos")) {
      require(Access.CHANGE_REPLICATION);
      return;
    }
    if (!exists) {
      throw SqlError.unknownVariable(name);
    }
    if (mySql) {
      require(Access.SET_GLOBAL);
      if (name.equals("gtid_purged")) {
        return;
      }
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
      throw wrongValue(name, "NULL");
    }
    if (!isText) {
      throw new SqlError(
          new ReplyError(1232, "42000", "Incorrect argument type to variable '" + name + "'"));
    }
    return told(name.equals("gtid_purged") ? purged(value) : position(value));
  }

  private static SqlError wrongValue(String name, String value) {
    return new SqlError(
        ErrorCode.WRONG_VALUE_FOR_VARIABLE.error(
            "Variable '" + name + "' can't be set to the value of '" + value + "'"));
  }

  private CompletableFuture<List<ControlNote>> position(String value) {
    try {
      return control.setGtidSlavePos(MariaDbGtidList.parse(value));
    } catch (GtidFormatException e) {
      throw new SqlError(new ReplyError(e.errorCode(), "HY000", String.valueOf(e.getMessage())));
    }
  }

  /** A plus sign in front, since 8.0, means what is added; to an empty store that is the same. */
  private CompletableFuture<List<ControlNote>> purged(String value) {
    boolean adds = value.startsWith("+") && version().isAtLeast(8, 0);
    MySqlGtidSet set;
    try {
      set = MySqlGtidSet.parse(adds ? value.substring(1) : value);
    } catch (GtidFormatException e) {
      throw wrongValue("gtid_purged", value);
    }
    String mode = status.variables().get("gtid_mode");
    if (!version().isAtLeast(5, 7) && mode != null && !mode.equalsIgnoreCase("ON")) {
      throw new SqlError(
          new ReplyError(
              NO_GTID_MODE,
              "HY000",
              "@@GLOBAL.GTID_PURGED can only be set when @@GLOBAL.GTID_MODE = ON."));
    }
    return control.setGtidPurged(set);
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
      boolean known = status.clients().all().stream().anyMatch(session -> session.id() == id);
      return known || !version().isMySql() ? new Answer.Ok() : unknownThread(id);
    }
    ReplyError error = ErrorCode.CONNECTION_KILLED.error("Connection was killed");
    boolean found =
        sessions.kill(id, Failure.lasting(CloseReason.KILLED, "killed by a client", error));
    return found ? new Answer.Ok() : unknownThread(id);
  }

  private static Answer unknownThread(long id) {
    return new Answer.Failed(ErrorCode.NO_SUCH_THREAD.error("Unknown thread id: " + id));
  }
}

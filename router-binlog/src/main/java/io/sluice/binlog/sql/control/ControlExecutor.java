package io.sluice.binlog.sql.control;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Sessions;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.SqlError;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Carries out what changes something, for one session. Confined to its event loop. */
public final class ControlExecutor {
  private final BinlogStatus status;
  private final Sessions sessions;
  private final Client client;

  /** For one session. */
  public ControlExecutor(BinlogStatus status, Sessions sessions, Client client) {
    this.status = status;
    this.sessions = sessions;
    this.client = client;
  }

  /** The outcome. */
  public CompletableFuture<Answer> execute(ControlStatement statement) {
    return switch (statement.kind()) {
      case KILL -> CompletableFuture.completedFuture(kill((ControlStatement.Kill) statement));
    };
  }

  /**
   * Refuses {@code SET GLOBAL} of a variable that cannot be set here.
   *
   * @param name in lower case
   * @param exists whether there is such a variable
   */
  public void checkGlobal(String name, boolean exists) {
    if (!exists) {
      throw SqlError.unknownVariable(name);
    }
    throw SqlError.unsupported("SET GLOBAL");
  }

  /** {@code SET GLOBAL name = value}; the value is null for NULL and DEFAULT. */
  public CompletableFuture<Answer> setGlobal(String name, @Nullable String value) {
    SqlError refusal = SqlError.unsupported("SET GLOBAL " + name);
    return CompletableFuture.failedFuture(refusal);
  }

  private Answer kill(ControlStatement.Kill kill) {
    long id = kill.id();
    boolean own =
        status.registry().all().stream()
            .anyMatch(r -> r.session() == id && r.user().equals(client.user()));
    if (id != client.connectionId()
        && !own
        && !client.hasAny(Privilege.CONNECTION_ADMIN, Privilege.SUPER)) {
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
}

package io.sluice.mysql.request;

import static java.util.Objects.requireNonNull;

import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.mysql.constant.ServerStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known so far of an answer. The backend connection, or whoever makes an answer, changes it
 * between calls; everybody else only looks. Confined to the session's event loop.
 */
public final class MySqlReply implements Reply {

  private final Request request;
  private boolean complete;
  private @Nullable ReplyError error;
  private long rows;
  private long bytes;
  private int serverStatus;
  private long affectedRows;
  private long lastInsertId;
  private int warnings;
  private boolean resultSet;
  private boolean clientDataWanted;
  private long statementId = MySqlRequest.NO_STATEMENT_ID;

  /** An answer of which nothing is known yet. */
  public MySqlReply(Request request) {
    this.request = requireNonNull(request, "request");
  }

  /** A whole answer that is made rather than received: it worked. */
  public static MySqlReply complete(Request request) {
    MySqlReply reply = new MySqlReply(request);
    reply.complete = true;
    reply.serverStatus = ServerStatus.AUTOCOMMIT;
    return reply;
  }

  /** A whole answer that is made rather than received: it failed. */
  public static MySqlReply complete(Request request, ReplyError error) {
    MySqlReply reply = new MySqlReply(request);
    reply.complete = true;
    reply.error = requireNonNull(error, "error");
    return reply;
  }

  @Override
  public Request request() {
    return request;
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public @Nullable ReplyError error() {
    return error;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** Whether it is complete and not an error. */
  public boolean isOk() {
    return complete && error == null;
  }

  /** The last status word that came; 0 before any. An error has none. */
  public int serverStatus() {
    return serverStatus;
  }

  /** Whether the last status word says that a transaction is open. */
  public boolean isInTransaction() {
    return (serverStatus & ServerStatus.IN_TRANSACTION) != 0;
  }

  /** Whether the last status word says that autocommit is on. */
  public boolean isAutocommit() {
    return (serverStatus & ServerStatus.AUTOCOMMIT) != 0;
  }

  /** From the last OK packet. */
  public long affectedRows() {
    return affectedRows;
  }

  /** From the last OK packet. */
  public long lastInsertId() {
    return lastInsertId;
  }

  /** The number of warnings that came last. */
  public int warnings() {
    return warnings;
  }

  /** Whether a result set began. */
  public boolean isResultSet() {
    return resultSet;
  }

  /** The number of the statement that was prepared, or {@link MySqlRequest#NO_STATEMENT_ID}. */
  public long statementId() {
    return statementId;
  }

  /**
   * Whether the server waits for data of the client (LOAD DATA LOCAL, or the authentication of
   * COM_CHANGE_USER): the client's next packets belong to the same request and are routed as chunks
   * of it that are not the first.
   */
  public boolean wantsClientData() {
    return clientDataWanted;
  }

  /** More bytes of it passed. */
  public void addBytes(int count) {
    bytes += count;
  }

  /** A row passed. */
  public void addRow() {
    rows++;
  }

  /** A status word came. */
  public void status(int status, int warningCount) {
    serverStatus = status;
    warnings = warningCount;
  }

  /** An OK packet came. */
  public void changed(long affected, long insertId) {
    affectedRows = affected;
    lastInsertId = insertId;
  }

  /** A result set began. */
  public void beginResultSet() {
    resultSet = true;
  }

  /** A statement was prepared. */
  public void prepared(long id) {
    statementId = id;
  }

  /** The server waits for data of the client, or has got it. */
  public void clientData(boolean wanted) {
    clientDataWanted = wanted;
  }

  /** It is at its end. */
  public void finish() {
    complete = true;
    clientDataWanted = false;
  }

  /** It ended with an error. */
  public void fail(ReplyError failure) {
    error = requireNonNull(failure, "failure");
    finish();
  }

  @Override
  public String toString() {
    return "MySqlReply[request="
        + request
        + ", complete="
        + complete
        + ", error="
        + error
        + ", rows="
        + rows
        + ", bytes="
        + bytes
        + "]";
  }
}

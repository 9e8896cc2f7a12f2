package io.sluice.api.session;

/**
 * Why a connection or session ended; the label is the same word in log, metric and administration.
 */
public enum CloseReason {
  /** The client said good-bye. */
  CLIENT_QUIT("client_quit"),
  /** The client's connection broke or was closed without a good-bye. */
  CLIENT_LOST("client_lost"),
  /** The login was refused. */
  LOGIN_REFUSED("login_refused"),
  /** The login took too long. */
  LOGIN_TIMEOUT("login_timeout"),
  /** The client broke the protocol. */
  PROTOCOL_VIOLATION("protocol_violation"),
  /** A server's connection broke or could not be made and the session cannot go on without it. */
  SERVER_LOST("server_lost"),
  /** The router ended it. */
  ROUTER_CLOSED("router_closed"),
  /** Somebody asked for it: an administrator or another session. */
  KILLED("killed"),
  /** A limit was reached. */
  LIMIT("limit"),
  /** Nothing happened for too long. */
  IDLE_TIMEOUT("idle_timeout"),
  /** The client took nothing of what was sent to it for too long. */
  WRITE_TIMEOUT("write_timeout"),
  /** The process stops. */
  SHUTDOWN("shutdown"),
  /** A defect of ours; the log has the stack trace. */
  INTERNAL_ERROR("internal_error");

  private final String label;

  CloseReason(String label) {
    this.label = label;
  }

  /** The word for logs, metrics and administration. */
  public String label() {
    return label;
  }
}

package io.sluice.mysql.constant;

import io.sluice.api.session.ReplyError;

/**
 * The errors that the proxy itself tells clients or looks for, with the numbers and states of
 * MariaDB and MySQL servers.
 */
public enum ErrorCode {
  /** No more connections are taken. */
  TOO_MANY_CONNECTIONS(1040, "08004"),
  /** The login is not what the protocol says. */
  BAD_HANDSHAKE(1043, "08S01"),
  /** The user may not use the database. */
  DB_ACCESS_DENIED(1044, "42000"),
  /** Wrong user or password. */
  ACCESS_DENIED(1045, "28000"),
  /** No database is selected. */
  NO_DB(1046, "3D000"),
  /** The server does not know the command. */
  UNKNOWN_COMMAND(1047, "08S01"),
  /** No such database. */
  BAD_DB(1049, "42000"),
  /** The server stops. */
  SERVER_SHUTDOWN(1053, "08S01"),
  /** Not understood as SQL. */
  PARSE_ERROR(1064, "42000"),
  /** No such connection. */
  NO_SUCH_THREAD(1094, "HY000"),
  /** The connection belongs to somebody else. */
  KILL_DENIED(1095, "HY000"),
  /** Anything without a better number. */
  UNKNOWN_ERROR(1105, "HY000"),
  /** The host made too many failed logins. */
  HOST_BLOCKED(1129, "HY000"),
  /** No account for this host. */
  HOST_NOT_PRIVILEGED(1130, "HY000"),
  /** A packet is larger than allowed. */
  PACKET_TOO_LARGE(1153, "08S01"),
  /** A packet has the wrong sequence number. */
  PACKETS_OUT_OF_ORDER(1156, "08S01"),
  /** Reading from the other side failed. */
  NET_READ_ERROR(1158, "08S01"),
  /** No such system variable. */
  UNKNOWN_VARIABLE(1193, "HY000"),
  /** Not while replication runs. */
  SLAVE_MUST_STOP(1198, "HY000"),
  /** Replication does not run. */
  SLAVE_NOT_RUNNING(1199, "HY000"),
  /** Not configured as a replica. */
  BAD_SLAVE(1200, "HY000"),
  /** A privilege is missing. */
  NEEDS_PRIVILEGE(1227, "42000"),
  /** The variable cannot have this value. */
  WRONG_VALUE_FOR_VARIABLE(1231, "42000"),
  /** The variable takes values of another type. */
  VARIABLE_CANNOT_BE_READ(1232, "42000"),
  /** Not supported here. */
  NOT_SUPPORTED(1235, "42000"),
  /** The binary log cannot be sent. */
  MASTER_FATAL(1236, "HY000"),
  /** The variable cannot be set. */
  READ_ONLY_VARIABLE(1238, "HY000"),
  /** No such prepared statement. */
  UNKNOWN_STATEMENT(1243, "HY000"),
  /** An option of the server forbids it. */
  OPTION_PREVENTS(1290, "HY000"),
  /** The statement was stopped. */
  QUERY_INTERRUPTED(1317, "70100"),
  /** The binary log file does not exist. */
  UNKNOWN_BINLOG(1373, "HY000"),
  /** Purging a binary log failed. */
  CANNOT_PURGE_IN_USE(1378, "HY000"),
  /** The password has expired, and nothing else may be done. */
  MUST_CHANGE_PASSWORD(1820, "HY000"),
  /** A packet cannot be decoded. */
  MALFORMED_PACKET(1835, "HY000"),
  /** The connection was killed. */
  CONNECTION_KILLED(1927, "70100"),
  /** The connection to the server is gone. */
  SERVER_GONE(2006, "HY000"),
  /** The connection to the server broke. */
  SERVER_LOST(2013, "HY000"),
  /** Only over TLS. */
  SECURE_TRANSPORT_REQUIRED(3159, "HY000"),
  /** The client was silent for too long. */
  IDLE_TIMEOUT(4031, "HY000"),
  /** Another replica came with the same server id. */
  SAME_SERVER_ID(4052, "HY000");

  private final int number;
  private final String sqlState;

  ErrorCode(int number, String sqlState) {
    this.number = number;
    this.sqlState = sqlState;
  }

  /** The number. */
  public int number() {
    return number;
  }

  /** The SQLSTATE, five characters. */
  public String sqlState() {
    return sqlState;
  }

  /** This error with a text. */
  public ReplyError error(String message) {
    return new ReplyError(number, sqlState, message);
  }
}

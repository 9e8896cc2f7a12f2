package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.sql.Access;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How servers of one family and version answer SHOW. Immutable. */
sealed interface ShowDialect permits MariaDbShow, MySqlShow {

  /** The answers of a version. */
  static ShowDialect of(PresentedVersion version) {
    return version.isMySql() ? new MySqlShow(version) : new MariaDbShow(version);
  }

  /** What a client needs for a subject; null for nothing. */
  default @Nullable Access access(Subject subject) {
    return switch (subject) {
      case MASTER_STATUS, BINARY_LOGS -> Access.LOG_STATUS;
      case BINLOG_EVENTS -> Access.LOG_EVENTS;
      case RELAYLOG_EVENTS -> Access.RELAY_LOG_EVENTS;
      case SLAVE_STATUS, REPLICA_STATUS, ALL_SLAVES_STATUS -> Access.REPLICA_STATUS;
      case SLAVE_HOSTS, REPLICAS -> Access.REPLICAS;
      default -> null;
    };
  }

  /** There is one connection to a master, and it has no name. */
  SqlError unknownConnection(String name);

  /** SHOW MASTER STATUS. */
  Answer logStatus(BinlogStatus status);

  /** SHOW BINARY LOGS. */
  Answer binaryLogs(BinlogStatus status);

  /** SHOW SLAVE STATUS and its like. */
  Answer replicaStatus(BinlogStatus status, Subject subject);

  /** SHOW SLAVE HOSTS, SHOW REPLICAS. */
  Answer replicas(BinlogStatus status, Subject subject);

  /** SHOW BINLOG EVENTS. */
  CompletableFuture<Answer> events(BinlogStatus status, EventRange range);

  /** SHOW RELAYLOG EVENTS of a relay, which has no relay log. */
  Answer relayLogEvents();

  /** The name of an event type. */
  String label(EventType type);

  /**
   * The column Info of an event: a String, or bytes.
   *
   * @param event the event at index 0, or its beginning
   * @param length the length of the whole event
   */
  Object info(ByteBuf event, int length, FormatDescription format);

  /** Whether the column Info needs the whole event rather than its first bytes. */
  boolean needsWhole(EventType type);

  /** SHOW PROCESSLIST. */
  Answer processList(BinlogStatus status, Client client, boolean full);

  /** The columns of SHOW WARNINGS. */
  List<ColumnDefinition> conditionColumns();

  /**
   * The columns of SHOW VARIABLES and SHOW STATUS.
   *
   * @param subject which of them
   */
  List<ColumnDefinition> pairColumns(Subject subject);

  /** What SHOW STATUS shows. */
  Map<String, String> statusVariables(BinlogStatus status);

  /** SHOW GRANTS of the client's own account. */
  Answer grants(Client client);

  /** SHOW GRANTS of another account. */
  SqlError othersGrants(Client client);

  /** The column of SHOW DATABASES. */
  ColumnDefinition databaseColumn();

  /** What the client is to be warned of; null for nothing. */
  default Diagnostics.@Nullable Condition warning(Subject subject, BinlogStatus status) {
    return null;
  }
}

package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.ClientSession;
import io.sluice.binlog.admin.ClientSessions;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.replica.ReplicaState;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHOW PROCESSLIST: the sessions of the listener, replicas with the words that a master has for its
 * dump threads. Without PROCESS a client sees its own user's sessions. Stateless.
 */
final class ProcessList {
  private static final int SHORT_INFO = 100;
  private static final String WAITING =
      "Master has sent all binlog to slave; waiting for more updates";
  private static final String SENDING = "Sending binlog event to slave";

  private static List<ColumnDefinition> columns(PresentedVersion version, boolean full) {
    List<ColumnDefinition> columns = new ArrayList<>();
    Collections.addAll(
        columns,
        Columns.signed("Id", FieldType.LONGLONG, 11, 0),
        Columns.text("User", 128),
        Columns.text("Host", 64),
        Columns.nullableText("db", 64),
        Columns.text("Command", 16),
        Columns.signed("Time", FieldType.LONG, 7, 0),
        Columns.nullableText("State", 30),
        full ? Columns.longText("Info") : Columns.nullableText("Info", SHORT_INFO));
    if (!version.isMySql()) {
      columns.add(Columns.real("Progress", FieldType.DOUBLE, 7, 3));
    }
    return columns;
  }

  private ProcessList() {}

  static Answer of(
      ClientSessions sessions,
      ReplicaRegistry registry,
      Client client,
      PresentedVersion version,
      boolean full) {
    List<Replica> replicas = registry.all();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean everybody = client.hasAny(Privilege.PROCESS);
    for (ClientSession session : sessions.all()) {
      if (everybody || session.user().equals(client.user())) {
        List<@Nullable Object> row = row(session, dumping(replicas, session), client, version);
        row.add(info(session.activity(), full));
        if (!version.isMySql()) {
          row.add("0.000");
        }
        rows.add(row);
      }
    }
    return new Answer.Rows(columns(version, full), rows);
  }

  private static @Nullable Replica dumping(List<Replica> replicas, ClientSession session) {
    for (Replica replica : replicas) {
      if (replica.session() == session.id() && replica.isDumping()) {
        return replica;
      }
    }
    return null;
  }

  private static List<@Nullable Object> row(
      ClientSession session, @Nullable Replica replica, Client client, PresentedVersion version) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(session.id());
    row.add(session.user());
    row.add(session.host());
    row.add(null);
    row.add(replica == null ? session.activity().command() : command(replica, version));
    row.add(session.seconds());
    if (replica != null) {
      boolean waits = replica.state() instanceof ReplicaState.Waiting;
      row.add(version.isMySql() ? mySqlState(waits, version) : waits ? WAITING : SENDING);
    } else {
      String begun = version.isMySql() ? "init" : "starting";
      row.add(session.id() == client.connectionId() ? begun : "");
    }
    return row;
  }

  private static String command(Replica replica, PresentedVersion version) {
    return version.isMySql() && replica.isGtid() ? "Binlog Dump GTID" : "Binlog Dump";
  }

  private static String mySqlState(boolean waits, PresentedVersion version) {
    boolean source = version.isAtLeast(8, 0, 26);
    if (!waits) {
      return source ? "Sending binlog event to replica" : SENDING;
    }
    return source
        ? "Source has sent all binlog to replica; waiting for more updates"
        : version.isAtLeast(5, 7)
            ? "Master has sent all binlog to slave; waiting for more updates"
            : "Master has sent all binlog to slave; waiting for binlog to be updated";
  }

  private static @Nullable String info(ClientSession.Activity activity, boolean full) {
    String statement = activity.statement();
    if (statement.isEmpty()) {
      return null;
    }
    return full || statement.length() <= SHORT_INFO
        ? statement
        : statement.substring(0, SHORT_INFO);
  }
}

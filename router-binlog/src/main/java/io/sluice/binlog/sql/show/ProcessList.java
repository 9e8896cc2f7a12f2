package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.ClientSession;
import io.sluice.binlog.admin.ClientSessions;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.replica.ReplicaState;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
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

  private static List<ColumnDefinition> columns(boolean full) {
    return List.of(
        Columns.signed("Id", FieldType.LONGLONG, 11, 0),
        Columns.text("User", 128),
        Columns.text("Host", 64),
        Columns.nullableText("db", 64),
        Columns.text("Command", 16),
        Columns.signed("Time", FieldType.LONG, 7, 0),
        Columns.nullableText("State", 30),
        full ? Columns.longText("Info") : Columns.nullableText("Info", SHORT_INFO),
        Columns.real("Progress", FieldType.DOUBLE, 7, 3));
  }

  private ProcessList() {}

  static Answer of(ClientSessions sessions, ReplicaRegistry registry, Client client, boolean full) {
    List<Replica> replicas = registry.all();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean everybody = client.hasAny(Privilege.PROCESS);
    for (ClientSession session : sessions.all()) {
      if (everybody || session.user().equals(client.user())) {
        rows.add(row(session, dumping(replicas, session), client, full));
      }
    }
    return new Answer.Rows(columns(full), rows);
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
      ClientSession session, @Nullable Replica replica, Client client, boolean full) {
    ClientSession.Activity activity = session.activity();
    List<@Nullable Object> row = new ArrayList<>();
    row.add(session.id());
    row.add(session.user());
    row.add(session.host());
    row.add(null);
    row.add(replica == null ? activity.command() : "Binlog Dump");
    row.add(session.seconds());
    if (replica != null) {
      row.add(replica.state() instanceof ReplicaState.Waiting ? WAITING : SENDING);
      row.add(null);
    } else {
      row.add(session.id() == client.connectionId() ? "starting" : "");
      row.add(info(activity.statement(), full));
    }
    row.add("0.000");
    return row;
  }

  private static @Nullable String info(String statement, boolean full) {
    if (statement.isEmpty()) {
      return null;
    }
    return full || statement.length() <= SHORT_INFO
        ? statement
        : statement.substring(0, SHORT_INFO);
  }
}

package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.admin.ClientSession;
import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaState;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHOW PROCESSLIST: the sessions of the listener, replicas with the words that a master has for its
 * dump threads. Without PROCESS a client sees its own user's sessions. Immutable.
 *
 * @param words of the presented version
 * @param client who asks
 * @param full whether statements are shown to their end
 * @param extra what is behind the columns that all servers have
 */
record ProcessList(ReplicationWords words, Client client, boolean full, Extra extra) {
  private static final int SHORT_INFO = 100;

  /** What only some servers show. */
  enum Extra {
    /** Nothing. */
    NONE,
    /** How far a statement is. */
    PROGRESS
  }

  static List<ColumnDefinition> mariaDbColumns(boolean full) {
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

  /** The answer. */
  Answer answer(BinlogStatus status, List<ColumnDefinition> columns) {
    List<Replica> replicas = status.registry().all();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean everybody = client.hasAny(Privilege.PROCESS);
    for (ClientSession session : status.clients().all()) {
      if (everybody || session.user().equals(client.user())) {
        rows.add(row(session, dumping(replicas, session)));
      }
    }
    return new Answer.Rows(columns, rows);
  }

  private static @Nullable Replica dumping(List<Replica> replicas, ClientSession session) {
    for (Replica replica : replicas) {
      if (replica.session() == session.id() && replica.isDumping()) {
        return replica;
      }
    }
    return null;
  }

  private List<@Nullable Object> row(ClientSession session, @Nullable Replica replica) {
    ClientSession.Activity activity = session.activity();
    List<@Nullable Object> row = new ArrayList<>();
    row.add(session.id());
    row.add(session.user());
    row.add(session.host());
    row.add(null);
    row.add(replica == null ? activity.command() : words.dumpCommand(replica.isGtid()));
    row.add(session.seconds());
    if (replica != null) {
      row.add(
          replica.state() instanceof ReplicaState.Waiting
              ? words.everythingSent()
              : "Sending binlog event to " + words.replica());
      row.add(null);
    } else {
      row.add(session.id() == client.connectionId() ? words.ownState() : "");
      row.add(info(activity.statement()));
    }
    if (extra == Extra.PROGRESS) {
      row.add("0.000");
    }
    return row;
  }

  private @Nullable String info(String statement) {
    if (statement.isEmpty()) {
      return null;
    }
    return full || statement.length() <= SHORT_INFO
        ? statement
        : statement.substring(0, SHORT_INFO);
  }
}

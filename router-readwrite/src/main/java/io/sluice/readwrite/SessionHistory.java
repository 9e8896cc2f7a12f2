package io.sluice.readwrite;

import io.netty.buffer.Unpooled;
import io.sluice.api.session.Message;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementFlag;
import io.sluice.mysql.sql.StatementKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed the state of a session, in order, to be repeated on a connection that is opened
 * later. Bounded: after too many commands it is incomplete for good, and no new connection can be
 * brought to the session's state. Confined to the session's event loop.
 */
final class SessionHistory {

  private static final class Entry {
    private final MySqlRequest request;
    private final byte[] packet;
    private final boolean masterOnly;
    private final boolean constant;
    private final @Nullable Prepared prepared;

    Entry(
        MySqlRequest request,
        byte[] packet,
        boolean masterOnly,
        boolean constant,
        @Nullable Prepared prepared) {
      this.request = request;
      this.packet = packet;
      this.masterOnly = masterOnly;
      this.constant = constant;
      this.prepared = prepared;
    }
  }

  private final int limit;
  private final List<Entry> entries = new ArrayList<>();
  private int commands;
  private boolean complete = true;

  SessionHistory(int limit) {
    this.limit = limit;
  }

  /** Whether a new connection can be brought to the session's state. */
  boolean isComplete() {
    return complete;
  }

  int size() {
    return entries.size();
  }

  /**
   * Adds a command that worked.
   *
   * @param packet the framed request
   * @param masterOnly whether only the master needs it
   */
  void add(MySqlRequest request, byte[] packet, boolean masterOnly) {
    if (!complete) {
      return;
    }
    boolean constant = isConstant(request);
    if (constant) {
      removeOverridden(packet);
    }
    if (commands >= limit) {
      complete = false;
      entries.clear();
      return;
    }
    commands++;
    entries.add(new Entry(request, packet, masterOnly, constant, null));
  }

  /** Adds a statement that was prepared; it stays until it is closed. */
  void add(MySqlRequest request, Prepared prepared) {
    if (complete) {
      entries.add(new Entry(request, prepared.packet(), !prepared.isEverywhere(), false, prepared));
    }
  }

  /** A prepared statement was closed. */
  void forget(Prepared prepared) {
    entries.removeIf(entry -> entry.prepared == prepared);
  }

  /** Something that cannot be repeated. */
  void breakOff() {
    complete = false;
    entries.clear();
  }

  /** The session is as after its login, but for the default database, which a reset leaves. */
  void reset() {
    Entry database = null;
    for (Entry entry : entries) {
      database = changesDatabase(entry.request) ? entry : database;
    }
    entries.clear();
    commands = 0;
    if (database != null) {
      commands = 1;
      entries.add(database);
    }
  }

  private static boolean changesDatabase(MySqlRequest request) {
    Statement statement = request.statement();
    return request.command() == Command.INIT_DB
        || (statement != null && statement.has(StatementFlag.DATABASE));
  }

  /** Repeats everything on a new connection. */
  void replay(Backend backend, boolean asMaster) {
    for (Entry entry : entries) {
      if (asMaster || !entry.masterOnly) {
        Prepared prepared = entry.prepared;
        if (prepared != null) {
          backend.preparing(prepared.id());
        }
        backend.send(
            Message.whole(entry.request, Unpooled.copiedBuffer(entry.packet)),
            Exchange.silent(entry.request, null, prepared));
      }
    }
  }

  /**
   * Removes an equal command that is made superfluous by the new one. That is so only if nothing in
   * between looked at the state that it made.
   */
  private void removeOverridden(byte[] packet) {
    for (int i = entries.size() - 1; i >= 0 && entries.get(i).constant; i--) {
      if (Arrays.equals(entries.get(i).packet, packet)) {
        entries.remove(i);
        commands--;
        return;
      }
    }
  }

  /** Whether the command's effect depends on nothing but its text. */
  private static boolean isConstant(MySqlRequest request) {
    Statement statement = request.statement();
    if (statement == null) {
      return request.command() == Command.INIT_DB || request.command() == Command.SET_OPTION;
    }
    boolean plain =
        statement.kind() == StatementKind.SESSION
            || statement.kind() == StatementKind.AUTOCOMMIT_OFF
            || statement.kind() == StatementKind.AUTOCOMMIT_ON;
    return plain
        && !statement.has(StatementFlag.USER_VARIABLE)
        && !statement.has(StatementFlag.SYSTEM_VARIABLE)
        && !statement.has(StatementFlag.NOT_REPEATABLE);
  }
}

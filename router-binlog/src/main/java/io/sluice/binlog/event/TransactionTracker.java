package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;

/**
 * Follows the events of one file and tells where the file may be cut: after an event that leaves no
 * group open.
 *
 * <pre>
 * OUT         GTID standalone, MySQL GTID, prelude of a statement   → STATEMENT
 * OUT         GTID, QUERY BEGIN, XA START                           → TRANSACTION
 * STATEMENT   INTVAR, RAND, USER_VAR, TABLE_MAP, ANNOTATE, LOAD …   → STATEMENT
 * STATEMENT   BEGIN, XA START (MySQL: the GTID comes first)         → TRANSACTION
 * STATEMENT   QUERY, EXECUTE_LOAD_QUERY, last row event, payload    → OUT
 * TRANSACTION XID, XA_PREPARE, QUERY COMMIT or ROLLBACK             → OUT
 * any         INCIDENT                                              → OUT
 * open group  GTID, FORMAT_DESCRIPTION, ROTATE, STOP, GTID_LIST     → the group before was left incomplete, then as from OUT
 * </pre>
 *
 * Needs the first {@link #PREFIX} bytes of an event; an event that is given only in part is never a
 * BEGIN or COMMIT. Allocates nothing; confined to one thread.
 */
public final class TransactionTracker {
  /** Bytes from the start of an event that are needed (fewer only if the event is shorter). */
  public static final int PREFIX = MySqlGtidEvent.TAGGED_PREFIX;

  private static final int FIRST_MARIADB_TYPE = 160;

  private static final int ROWS_FLAGS = EventHeader.SIZE + 6;
  private static final int STATEMENT_END = 0x01;

  private enum State {
    OUT,
    STATEMENT,
    TRANSACTION
  }

  private final ServerFamily family;
  private State state = State.OUT;
  private boolean interrupted;
  private boolean gtidKnown;
  private long domain;
  private long server;
  private long sequence;
  private long uuidHigh;
  private long uuidLow;
  private String tag = "";
  private long number;

  /** A tracker for files of a family. */
  public TransactionTracker(ServerFamily family) {
    this.family = family;
  }

  /** One that has seen the same events and goes on by itself. */
  public TransactionTracker copy() {
    TransactionTracker copy = new TransactionTracker(family);
    copy.state = state;
    copy.interrupted = interrupted;
    copy.gtidKnown = gtidKnown;
    copy.domain = domain;
    copy.server = server;
    copy.sequence = sequence;
    copy.uuidHigh = uuidHigh;
    copy.uuidLow = uuidLow;
    copy.tag = tag;
    copy.number = number;
    return copy;
  }

  /** Begins a new file (or forgets an open group). */
  public void reset() {
    state = State.OUT;
    interrupted = false;
    gtidKnown = false;
  }

  /**
   * Takes the next event.
   *
   * @param available bytes of the event from index on that the buffer holds, at most length
   * @param length bytes of the whole event
   * @param checksums whether events of this file end in a CRC-32
   * @return {@link #isSafe()} after the event
   */
  public boolean onEvent(ByteBuf buf, int index, int available, int length, boolean checksums) {
    if (available < EventHeader.SIZE || buf.writerIndex() - index < available) {
      throw new BinlogFormatException(
          "event: " + available + " bytes (expected: at least 19, all in the buffer)");
    }
    if (state == State.OUT) {
      gtidKnown = false;
    }
    interrupted = false;
    EventType type = type(buf, index);
    switch (type) {
      case MARIADB_GTID -> onGtid(buf, index, available);
      case MYSQL_GTID, MYSQL_GTID_TAGGED -> onMySqlGtid(type, buf, index, available);
      case MYSQL_ANONYMOUS_GTID -> open(State.STATEMENT);
      case FORMAT_DESCRIPTION, ROTATE, STOP, MARIADB_GTID_LIST, PREVIOUS_GTIDS -> open(State.OUT);
      case QUERY -> onQuery(buf, index, available, length, checksums);
      case XID, XA_PREPARE, INCIDENT, TRANSACTION_PAYLOAD -> state = State.OUT;
      case QUERY_COMPRESSED, EXECUTE_LOAD_QUERY, LOAD, NEW_LOAD, EXEC_LOAD -> onStatement();
      case INTVAR,
          RAND,
          USER_VAR,
          TABLE_MAP,
          ANNOTATE_ROWS,
          ROWS_QUERY,
          BEGIN_LOAD_QUERY,
          APPEND_BLOCK,
          CREATE_FILE -> {
        if (state == State.OUT) {
          state = State.STATEMENT;
        }
      }
      default -> {
        if (type.isRows()) {
          onRows(buf, index, available);
        }
      }
    }
    return state == State.OUT;
  }

  /** The type; codes that only the other family uses say nothing. */
  private EventType type(ByteBuf buf, int index) {
    boolean foreign =
        family == ServerFamily.MYSQL && EventHeader.typeCode(buf, index) >= FIRST_MARIADB_TYPE;
    return foreign ? EventType.UNKNOWN : EventHeader.type(buf, index);
  }

  private void onMySqlGtid(EventType type, ByteBuf buf, int index, int available) {
    open(State.STATEMENT);
    if (family != ServerFamily.MYSQL) {
      return;
    }
    if (type == EventType.MYSQL_GTID && available >= MySqlGtidEvent.PREFIX) {
      uuidHigh = MySqlGtidEvent.high(buf, index);
      uuidLow = MySqlGtidEvent.low(buf, index);
      tag = "";
      number = MySqlGtidEvent.number(buf, index);
    } else {
      MySqlGtidEvent event = MySqlGtidEvent.decode(buf, index, available);
      uuidHigh = event.tsid().high();
      uuidLow = event.tsid().low();
      tag = event.tsid().tag();
      number = event.number();
    }
    gtidKnown = true;
  }

  private void onGtid(ByteBuf buf, int index, int available) {
    if (available < GtidEvent.PREFIX) {
      throw new BinlogFormatException(
          "GTID event: " + available + " bytes (expected: at least 32)");
    }
    boolean standalone = (GtidEvent.flags(buf, index) & GtidEvent.STANDALONE) != 0;
    open(standalone ? State.STATEMENT : State.TRANSACTION);
    gtidKnown = true;
    domain = GtidEvent.domain(buf, index);
    server = EventHeader.serverId(buf, index);
    sequence = GtidEvent.sequence(buf, index);
  }

  private void open(State next) {
    if (state != State.OUT) {
      interrupted = true;
      gtidKnown = false;
    }
    state = next;
  }

  private void onStatement() {
    if (state == State.STATEMENT) {
      state = State.OUT;
    }
  }

  private void onQuery(ByteBuf buf, int index, int available, int length, boolean checksums) {
    if (available < length) {
      onStatement();
    } else if (state == State.TRANSACTION) {
      if (endsTransaction(buf, index, length, checksums)) {
        state = State.OUT;
      }
    } else if (QueryEvents.isBegin(buf, index, length, checksums)
        || QueryEvents.isXaStart(buf, index, length, checksums)) {
      state = State.TRANSACTION;
    } else {
      state = State.OUT;
    }
  }

  private boolean endsTransaction(ByteBuf buf, int index, int length, boolean checksums) {
    return family == ServerFamily.MYSQL
        ? QueryEvents.isMySqlCommitOrRollback(buf, index, length, checksums)
        : QueryEvents.isCommitOrRollback(buf, index, length, checksums);
  }

  private void onRows(ByteBuf buf, int index, int available) {
    if (state == State.TRANSACTION) {
      return;
    }
    boolean last =
        available < ROWS_FLAGS + 2
            || (buf.getUnsignedByte(index + ROWS_FLAGS) & STATEMENT_END) != 0;
    state = last ? State.OUT : State.STATEMENT;
  }

  /** Tells whether the file may be cut behind the last event. */
  public boolean isSafe() {
    return state == State.OUT;
  }

  /** Tells whether the last event found the group before it incomplete. */
  public boolean wasInterrupted() {
    return interrupted;
  }

  /** Tells whether the open group, or the one that the last event ended, has a GTID. */
  public boolean hasGtid() {
    return gtidKnown;
  }

  /** Adds the group's GTID, if it has one, to what was written. */
  public void addGtidTo(GtidState.Builder written) {
    if (!gtidKnown) {
      return;
    }
    if (written instanceof MySqlGtidSet.Builder set) {
      set.add(uuidHigh, uuidLow, tag, number);
    } else {
      ((MariaDbBinlogState.Builder) written).update(domain, server, sequence);
    }
  }
}

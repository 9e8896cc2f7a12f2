package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.event.BinlogFormatException;
import io.sluice.binlog.event.EventChecksum;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.BinlogStore;
import io.sluice.mysql.message.ColumnDefinition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * SHOW BINLOG EVENTS: reads one file event by event, on the store's I/O threads, a batch of rows at
 * a time. Of an event whose row needs no more than its head, no more is read; the texts of others
 * are bounded by what a server takes by default. A start that is no event boundary is recognised by
 * length, end position and checksum of what stands there; since MySQL 8.0 the next boundary is
 * meant.
 */
final class BinlogEvents implements Answer.RowSource {
  static final String NO_FILE = "Could not find target log";
  private static final String WRONG_OFFSET = "Wrong offset or I/O error";

  /** How the statement treats what it is asked for. */
  enum Style {
    /** A start behind the end is an error; there is always one row. */
    MARIADB,
    /** MySQL before 8.0. */
    OLD_MYSQL,
    /** MySQL since 8.0: any start will do, LIMIT 0 is none, packed transactions are unpacked. */
    MYSQL
  }

  private static final int ER_BINLOG_EVENTS = 1220;
  private static final int FIRST_EVENT = 4;
  private static final int HEAD = 1024;
  private static final int MAX_TEXT_EVENT = 16 << 20;
  private static final int MAX_BATCH_BYTES = 256 << 10;

  private final BinlogStore store;
  private final ShowDialect dialect;
  private final Style style;
  private final List<ColumnDefinition> columns;
  private BinlogFileId file = BinlogFileId.NONE;
  private long position;
  private long end;
  private long index;
  private long firstShown;
  private long lastShown;
  private boolean atStart = true;
  private boolean over;
  private @Nullable FormatDescription format;

  BinlogEvents(
      BinlogStore store, ShowDialect dialect, Style style, List<ColumnDefinition> columns) {
    this.store = store;
    this.dialect = dialect;
    this.style = style;
    this.columns = columns;
  }

  /** The server's error for this statement. */
  static SqlError error(String reason) {
    return new SqlError(
        new ReplyError(
            ER_BINLOG_EVENTS,
            "HY000",
            "Error when executing command SHOW BINLOG EVENTS: " + reason));
  }

  /** Begins; the answer is a stream of rows. */
  CompletableFuture<Answer> open(EventRange range) {
    String name = range.file();
    BinlogFileId found = name == null ? store.inventory().oldest() : store.inventory().find(name);
    if (found == null) {
      return failed(NO_FILE);
    }
    file = found;
    end = store.inventory().visibleEnd(found);
    if (Long.compareUnsigned(range.from(), end) > 0) {
      if (style != Style.MARIADB) {
        return range.from() < 0 ? failed(tooFar(range.from())) : none();
      }
      throw error(
          "Invalid pos specified. Requested from pos:"
              + Long.toUnsignedString(range.from())
              + " is greater than actual file size:"
              + end);
    }
    position = Math.max(FIRST_EVENT, range.from());
    firstShown = range.offset();
    lastShown = range.offset() + Math.min(range.count(), Long.MAX_VALUE - range.offset());
    return store
        .formatDescription(found)
        .thenApply(
            description -> {
              format = description;
              return new Answer.Stream(columns, this);
            });
  }

  /** MySQL sends the columns before it looks for the file. */
  private CompletableFuture<Answer> failed(String reason) {
    if (style == Style.MARIADB) {
      throw error(reason);
    }
    return CompletableFuture.completedFuture(
        new Answer.Stream(columns, () -> CompletableFuture.failedFuture(error(reason))));
  }

  private CompletableFuture<Answer> none() {
    return CompletableFuture.completedFuture(new Answer.Rows(columns, List.of()));
  }

  private String tooFar(long from) {
    return style == Style.OLD_MYSQL
        ? WRONG_OFFSET
        : "Error reading Log_event at position "
            + Long.toUnsignedString(from)
            + ": Failed decoding event: I/O error reading log event";
  }

  @Override
  public CompletableFuture<List<List<@Nullable Object>>> next() {
    return CompletableFuture.supplyAsync(this::batch, store.ioExecutor());
  }

  private List<List<@Nullable Object>> batch() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    int bytes = 0;
    try {
      align();
      while (!over && rows.size() < BATCH && bytes < MAX_BATCH_BYTES) {
        if (position >= end) {
          over = true;
          break;
        }
        bytes += event(rows);
      }
    } catch (IOException | BinlogFormatException | IndexOutOfBoundsException e) {
      throw error(WRONG_OFFSET);
    }
    return rows;
  }

  /** Goes to the first event that begins at the wanted position or behind it. */
  private void align() throws IOException {
    if (!atStart || style != Style.MYSQL) {
      return;
    }
    atStart = false;
    long wanted = position;
    position = FIRST_EVENT;
    while (position < wanted && position < end) {
      position += EventHeader.requireLength(read(EventHeader.SIZE), 0);
    }
  }

  /** Adds the row of the event at the position, if it is to be shown, and goes behind it. */
  private int event(List<List<@Nullable Object>> rows) throws IOException {
    FormatDescription description = format;
    if (description == null) {
      throw error(WRONG_OFFSET);
    }
    ByteBuf event = read(HEAD);
    int length = EventHeader.requireLength(event, 0);
    if (position + length > end) {
      throw error(WRONG_OFFSET);
    }
    EventType type = EventHeader.type(event, 0);
    boolean needsWhole = dialect.needsWhole(type);
    if (atStart || needsWhole) {
      if (length > MAX_TEXT_EVENT && needsWhole) {
        throw error(WRONG_OFFSET);
      }
      if (length > event.readableBytes() && length <= MAX_TEXT_EVENT) {
        event = read(length);
      }
    }
    checkStart(event, length, description);
    int size = shown(rows, event, type, length, description);
    boolean packed = type == EventType.TRANSACTION_PAYLOAD && style == Style.MYSQL && !over;
    byte[] inside = packed ? unpacked(event, length, description) : new byte[0];
    position += length;
    for (ByteBuf rest = Unpooled.wrappedBuffer(inside); rest.isReadable() && !over; ) {
      int next = EventHeader.requireLength(rest, rest.readerIndex());
      size += shownInside(rows, rest.readSlice(next), description);
    }
    return size;
  }

  private byte[] unpacked(ByteBuf head, int length, FormatDescription description)
      throws IOException {
    int bodyEnd = length - (description.hasChecksums() ? EventChecksum.LENGTH : 0);
    TransactionPayload payload = TransactionPayload.decode(head, EventHeader.SIZE, bodyEnd);
    if (payload.length() > TransactionPayload.MAX_SIZE) {
      throw error("a packed transaction of more than " + TransactionPayload.MAX_SIZE + " bytes");
    }
    return payload.unpack(length > head.readableBytes() ? read(length) : head);
  }

  /** A row of an event that was packed: it has no checksum, and stands where the pack ends. */
  private int shownInside(
      List<List<@Nullable Object>> rows, ByteBuf event, FormatDescription description) {
    int checksum = description.hasChecksums() ? EventChecksum.LENGTH : 0;
    ByteBuf copy = event.copy();
    try {
      copy.setIntLE(EventHeader.END_POSITION_OFFSET, (int) position);
      return shown(
          rows, copy, EventHeader.type(copy, 0), copy.readableBytes() + checksum, description);
    } finally {
      copy.release();
    }
  }

  private int shown(
      List<List<@Nullable Object>> rows,
      ByteBuf event,
      EventType type,
      int length,
      FormatDescription description) {
    int size = 0;
    if (index >= firstShown) {
      Object info = dialect.info(event, length, description);
      size = HEAD + (info instanceof byte[] bytes ? bytes.length : 0);
      rows.add(row(event, type, info));
    }
    index++;
    // LIMIT 0 shows one event, or all of them, as servers do.
    over = style == Style.MYSQL ? index == lastShown : index >= lastShown;
    return size;
  }

  private List<@Nullable Object> row(ByteBuf event, EventType type, Object info) {
    List<@Nullable Object> row = new ArrayList<>(columns.size());
    row.add(file.name());
    row.add(position);
    row.add(dialect.label(type));
    row.add(EventHeader.serverId(event, 0));
    row.add(EventHeader.endPosition(event, 0));
    row.add(info);
    return row;
  }

  /** The first event is judged: a wrong start is not a server's garbage but an error. */
  private void checkStart(ByteBuf event, int length, FormatDescription description) {
    if (!atStart || position == FIRST_EVENT) {
      atStart = false;
      return;
    }
    atStart = false;
    boolean whole = event.readableBytes() >= length;
    boolean agrees =
        EventHeader.endPositionAgrees(EventHeader.endPosition(event, 0), position, length);
    if (!agrees
        || (whole && description.hasChecksums() && !EventChecksum.verify(event, 0, length))) {
      throw error(WRONG_OFFSET);
    }
  }

  /** Reads from the position, as much as there is. */
  private ByteBuf read(int wanted) throws IOException {
    int length = (int) Math.min(wanted, end - position);
    ByteBuffer target = ByteBuffer.allocate(length);
    int got = store.read(file, position, target);
    target.flip();
    return Unpooled.wrappedBuffer(target).slice(0, Math.max(0, got));
  }
}

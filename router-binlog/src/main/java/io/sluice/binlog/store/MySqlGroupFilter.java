package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MySqlGtidSet;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a MySQL stream (reference §5.5): a group whose GTID the replica has is skipped,
 * with all that follows up to the next GTID or ROTATE; before the next event that is sent, and
 * where the log ends, a HEARTBEAT tells how far the skipping went. Confined to the replica's event
 * loop.
 */
final class MySqlGroupFilter implements GroupFilter {
  private final MySqlTexts texts;
  private final boolean gtidMode;
  private final boolean clearsCreated;
  private MySqlGtidSet executed;
  private String file;
  private boolean skipping;

  /** What a source of 5.6 goes by where an event belongs to no group. */
  private boolean searching;

  private long skippedTo;
  private @Nullable String error;

  /**
   * The filter of a stream in GTID mode.
   *
   * @param executed what the replica has
   * @param file the name of the first file
   * @param clearsCreated whether the replica has the first group of the first file
   */
  MySqlGroupFilter(MySqlGtidSet executed, MySqlTexts texts, String file, boolean clearsCreated) {
    this(executed, texts, file, clearsCreated, true);
  }

  private MySqlGroupFilter(
      MySqlGtidSet executed,
      MySqlTexts texts,
      String file,
      boolean clearsCreated,
      boolean gtidMode) {
    this.executed = executed;
    this.texts = texts;
    this.file = file;
    this.clearsCreated = clearsCreated;
    this.gtidMode = gtidMode;
    this.searching = gtidMode;
  }

  /** A filter for streams that begin at a file and position. */
  static MySqlGroupFilter passAll(MySqlTexts texts) {
    return new MySqlGroupFilter(MySqlGtidSet.EMPTY, texts, "", false, false);
  }

  @Override
  public boolean passThrough() {
    return !gtidMode && executed.isEmpty();
  }

  @Override
  public boolean clearsCreated() {
    return clearsCreated;
  }

  @Override
  public Verdict onEvent(
      ByteBuf buf, int index, int available, int length, boolean checksums, long position) {
    if (error != null) {
      return Verdict.FAIL;
    }
    EventType type = EventHeader.type(buf, index);
    switch (type) {
      case MYSQL_GTID ->
          onGtid(
              executed.contains(
                  MySqlGtidEvent.high(buf, index),
                  MySqlGtidEvent.low(buf, index),
                  "",
                  MySqlGtidEvent.number(buf, index)));
      case MYSQL_GTID_TAGGED -> {
        MySqlGtidEvent gtid = MySqlGtidEvent.decode(buf, index, available);
        onGtid(executed.contains(gtid.tsid(), gtid.number()));
      }
      case MYSQL_ANONYMOUS_GTID -> {
        if (gtidMode && !texts.isOf56()) {
          error = texts.anonymous(file, position);
          return Verdict.FAIL;
        }
      }
      case ROTATE, FORMAT_DESCRIPTION -> skipping = false;
      case STOP, INCIDENT -> skipping = texts.isOf56() ? searching : skipping;
      default -> {}
    }
    if (!skipping) {
      return Verdict.SEND;
    }
    skippedTo = position + length;
    return Verdict.SKIP;
  }

  private void onGtid(boolean known) {
    skipping = known;
    searching = known;
  }

  @Override
  public @Nullable Insertion takeBefore() {
    if (skippedTo == 0) {
      return null;
    }
    Insertion heartbeat = new Insertion.Heartbeat(skippedTo);
    skippedTo = 0;
    return heartbeat;
  }

  @Override
  public @Nullable Insertion takeAtEnd(long position) {
    if (!skipping) {
      return null;
    }
    skipping = false;
    skippedTo = 0;
    return new Insertion.Heartbeat(position);
  }

  @Override
  public void told() {
    skippedTo = 0;
  }

  @Override
  public void nextFile(String name) {
    file = name;
    skipping = false;
    skippedTo = 0;
  }

  /** The epoch before had everything up to its end; what of it is repeated is left out. */
  @Override
  public void cross(Crossing way) {
    GtidState repeated = way.overlap();
    executed = executed.union(MySqlGtidSet.of(repeated));
    nextFile(way.file().name());
  }

  @Override
  public String error() {
    String known = error;
    if (known == null) {
      throw new IllegalStateException("filter: no error (expected: after FAIL)");
    }
    return known;
  }

  @Override
  public boolean errorNamesPlaces() {
    return true;
  }
}

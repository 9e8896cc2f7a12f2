package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.GtidEvent;
import io.sluice.binlog.event.MySqlGtidEvent;
import io.sluice.binlog.feed.BinlogCursor;
import io.sluice.binlog.feed.BinlogFeed;
import io.sluice.binlog.feed.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads as a replica's session does, over the borders of epochs, and keeps the ids that it gets.
 */
final class LogReader implements AutoCloseable {
  final List<String> gtids = new ArrayList<>();
  final List<Crossing> crossings = new ArrayList<>();
  final List<Long> heartbeats = new ArrayList<>();
  private final BinlogStore store;
  private final BinlogFeed feed;
  private final GroupFilter filter;
  private final LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private BinlogCursor cursor;

  LogReader(BinlogStore store, BinlogFeed feed, StartResult start) {
    this.store = store;
    this.feed = feed;
    StartResult.Found found = (StartResult.Found) start;
    this.filter = found.filter();
    this.cursor = feed.openCursor(found.file(), found.position(), loop::add);
  }

  BinlogFileId file() {
    return cursor.file();
  }

  /** Reads until so many ids came in all. */
  List<String> until(int count) throws Exception {
    while (gtids.size() < count) {
      assertThat(step()).as("after %s", gtids).isTrue();
    }
    return gtids;
  }

  /** Reads all that there is. */
  List<String> toEnd() throws Exception {
    while (true) {
      switch (cursor.poll(() -> {})) {
        case WAIT_DATA -> {
          return gtids;
        }
        case CHUNK -> take(cursor.chunk());
        case END_OF_EPOCH -> cross();
        case WAIT_LOAD -> assertThat(runOne()).isTrue();
        case END_OF_FILE -> filter.nextFile(cursor.file().name());
        case FAILED, PURGED, CLOSED -> throw new AssertionError(cursor.failure());
      }
    }
  }

  private boolean step() throws Exception {
    switch (cursor.poll(() -> {})) {
      case CHUNK -> take(cursor.chunk());
      case END_OF_EPOCH -> cross();
      case WAIT_DATA, WAIT_LOAD -> {
        return runOne();
      }
      case END_OF_FILE -> filter.nextFile(cursor.file().name());
      case FAILED, PURGED, CLOSED -> throw new AssertionError(cursor.failure());
    }
    return true;
  }

  private boolean runOne() throws InterruptedException {
    Runnable task = loop.poll(60, TimeUnit.SECONDS);
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  private void cross() {
    Crossing way = StoreTester.get(store.crossing(cursor.file()));
    crossings.add(way);
    filter.cross(way);
    BinlogCursor old = cursor;
    cursor = feed.openCursor(way.file(), way.position(), loop::add);
    old.close();
  }

  private void take(Chunk chunk) {
    ByteBuf data = chunk.data();
    for (int i = 0; i < chunk.events(); i++) {
      int at = chunk.offset(i);
      int length = chunk.offset(i + 1) - at;
      boolean sent =
          filter.passThrough()
              || filter.onEvent(data, at, length, length, true, chunk.position() + at)
                  == GroupFilter.Verdict.SEND;
      EventType type = EventHeader.type(data, at);
      if (sent && type == EventType.MARIADB_GTID) {
        gtids.add(GtidEvent.decode(data, at, length, true).gtid().toString());
      } else if (sent && isMySqlGtid(type)) {
        MySqlGtidEvent gtid = MySqlGtidEvent.decode(data, at, length);
        gtids.add(gtid.tsid() + ":" + gtid.number());
      }
      Insertion before = sent ? filter.takeBefore() : null;
      if (before instanceof Insertion.Heartbeat heartbeat) {
        heartbeats.add(heartbeat.position());
        assertThat(heartbeat.position()).as("up to what is sent").isEqualTo(chunk.position() + at);
      }
      filter.takeAfter();
    }
    chunk.release();
  }

  private static boolean isMySqlGtid(EventType type) {
    return type == EventType.MYSQL_GTID || type == EventType.MYSQL_GTID_TAGGED;
  }

  /** What a source says at the end of the log. */
  Insertion atEnd() {
    return filter.takeAtEnd(cursor.position());
  }

  @Override
  public void close() {
    cursor.close();
  }
}

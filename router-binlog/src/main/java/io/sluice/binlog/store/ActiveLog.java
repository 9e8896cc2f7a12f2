package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.disk.DiskFile;
import io.sluice.binlog.gtid.GtidState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The growing end of the log: current file, what is visible of it, the step to the next file and
 * the way back to the last whole transaction. Confined to the writer's thread.
 */
final class ActiveLog {
  private static final Logger LOGGER = LoggerFactory.getLogger(ActiveLog.class);

  /** Where a moved watermark goes. */
  interface Publisher {
    /** Tells runs of events that become visible, then the watermark. Owns the runs' buffers. */
    void publish(Watermark watermark, List<StoredFile> closed, List<LogAppender.Run> runs);
  }

  private final Disk disk;
  private final FileCatalog catalog;
  private final Publisher publisher;
  private final Clock clock;
  private final boolean serveSynced;
  private final StoreFolder folder;
  private final FileFollower follower = new FileFollower();
  private Watermark watermark;
  private BinlogFileId current;
  private @Nullable LogAppender appender;
  private final List<StoredFile> closedBefore = new ArrayList<>();
  private int epoch;

  /** While an epoch is invisible: the state that it must reach. */
  private @Nullable GtidState goal;

  private boolean gapChecked;
  private long synced;
  private boolean markedInUse;

  ActiveLog(
      Disk disk,
      FileCatalog catalog,
      Publisher publisher,
      Clock clock,
      boolean serveSynced,
      Watermark recovered) {
    this.disk = disk;
    this.catalog = catalog;
    this.publisher = publisher;
    this.clock = clock;
    this.serveSynced = serveSynced;
    this.folder = new StoreFolder(disk, catalog);
    this.epoch = Math.max(1, recovered.file().epoch());
    this.watermark = recovered;
    this.current = recovered.file();
  }

  Watermark watermark() {
    return watermark;
  }

  /** The file that is written, or the store's folder before there is one; for messages. */
  Path place() {
    return current.equals(BinlogFileId.NONE)
        ? catalog.epochDirectory(epoch)
        : catalog.path(current);
  }

  /** Goes back to the last whole transaction that is visible. */
  ResumePoint discardIncomplete() throws IOException {
    abandon();
    removeInvisible();
    current = watermark.file();
    synced = watermark.offset();
    if (watermark.isEmpty()) {
      follower.reset(watermark.state(), 0);
      follower.require(null);
      return ResumePoint.EMPTY;
    }
    catalog.sidecars().drop(current);
    FileHead head = catalog.head(current, watermark.offset());
    DiskFile file = disk.open(catalog.path(current), Disk.Mode.WRITE);
    try {
      long size = file.size();
      if (size < watermark.offset()) {
        throw new IOException(
            "binlog file: "
                + catalog.path(current)
                + " has "
                + size
                + " bytes (expected: "
                + watermark.offset()
                + ")");
      }
      if (size > watermark.offset()) {
        LOGGER
            .atInfo()
            .addKeyValue("file", current)
            .addKeyValue("kept", watermark.offset())
            .addKeyValue("dropped", size - watermark.offset())
            .log("incomplete transaction dropped");
        file.truncate(watermark.offset());
      }
      file.force(true);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    follower.resume(head.format(), watermark.state(), watermark.eventTimestamp());
    follower.require(head.format().family());
    FileIndex index = catalog.index(current);
    index.cut(watermark.offset());
    appender = new LogAppender(file, follower, index, watermark.offset());
    markedInUse = false;
    return new ResumePoint(current, watermark.offset(), watermark.state(), head.format());
  }

  /**
   * Newest first, so that a crash leaves a beginning; the epoch's folder too if none is visible.
   */
  private void removeInvisible() throws IOException {
    List<BinlogFileId> invisible = new ArrayList<>();
    invisible.add(current);
    for (int i = closedBefore.size() - 1; i >= 0; i--) {
      invisible.add(closedBefore.get(i).id());
    }
    for (BinlogFileId file : invisible) {
      if (!file.equals(watermark.file()) && !file.equals(BinlogFileId.NONE)) {
        folder.delete(file);
      }
    }
    closedBefore.clear();
    if (goal != null) {
      folder.deleteEpoch(epoch);
      LOGGER
          .atWarn()
          .addKeyValue("epoch", epoch)
          .addKeyValue("goal", goal.positionText())
          .log("epoch was given up before it reached the end of the one before");
      goal = null;
      epoch = watermark.file().epoch();
    }
  }

  /** Ends the visible epoch and makes the next file the first of a new, invisible one. */
  ResumePoint beginEpoch(String why) throws IOException {
    ResumePoint end = discardIncomplete();
    LogAppender open = appender;
    if (end.isEmpty() || open == null) {
      return end;
    }
    open.markInUse(false);
    open.file().force(true);
    abandon();
    closedBefore.add(new StoredFile(current, watermark.offset()));
    epoch = current.epoch() + 1;
    GtidState reach = watermark.state();
    goal = reach;
    gapChecked = false;
    LOGGER
        .atInfo()
        .addKeyValue("epoch", epoch)
        .addKeyValue("reason", why)
        .addKeyValue("end", current)
        .addKeyValue("offset", watermark.offset())
        .addKeyValue("goal", reach.positionText())
        .log("a new epoch begins");
    current = BinlogFileId.NONE;
    synced = 0;
    follower.reset(GtidState.empty(reach.family()), 0);
    return new ResumePoint(BinlogFileId.NONE, 0, watermark.state(), null);
  }

  /** Tells whether the next publication makes a new epoch visible. */
  boolean entersEpoch() {
    LogAppender open = appender;
    GtidState reach = goal;
    return reach != null && open != null && open.boundary() > 0 && follower.state().contains(reach);
  }

  private void checkGap(GtidState reach, long visibleEnd) throws IOException {
    if (!EpochBorder.joins(reach, catalog.head(current, visibleEnd))) {
      throw new StoreRejection(
          WriterFailure.Kind.EPOCH_GAP,
          "file "
              + current
              + ": begins behind "
              + reach.positionText()
              + " (expected: at or before it)");
    }
  }

  /** Takes bytes for the end of the current file. */
  void append(long position, ByteBuf bytes) throws IOException {
    LogAppender open = appender;
    long end = open == null ? 0 : open.end();
    if (open == null || position != end) {
      throw new StoreRejection(
          WriterFailure.Kind.POSITION_MISMATCH,
          "position in " + current + ": " + position + " (expected: " + end + ")");
    }
    open.append(bytes);
  }

  /** Ends the current file and creates the next one. */
  void startFile(String name) throws IOException {
    if (!BinlogFileFormat.isValidName(name)) {
      throw new StoreRejection(
          WriterFailure.Kind.FILE_NAME, "file name: " + name + " (expected: base.number)");
    }
    BinlogFileId next = new BinlogFileId(epoch, name);
    boolean sameBase = BinlogFileFormat.base(name).equals(BinlogFileFormat.base(current.name()));
    if (!current.equals(BinlogFileId.NONE) && (!sameBase || next.number() <= current.number())) {
      throw new StoreRejection(
          WriterFailure.Kind.FILE_NAME,
          "file name: " + name + " (expected: a successor of " + current.name() + ")");
    }
    closeCurrent();
    Path directory = catalog.epochDirectory(epoch);
    if (current.equals(BinlogFileId.NONE)) {
      disk.createDirectories(directory);
      Path parent = directory.getParent();
      if (parent != null) {
        disk.syncDirectory(parent);
      }
    }
    DiskFile file = create(next);
    current = next;
    synced = 0;
    appender = new LogAppender(file, follower, catalog.index(next), BinlogFileFormat.FIRST_EVENT);
    follower.startFile();
    markedInUse = true;
    file.writeFully(ByteBuffer.wrap(BinlogFileFormat.magic()), 0);
    disk.syncDirectory(directory);
  }

  private DiskFile create(BinlogFileId file) throws IOException {
    folder.clear(file);
    return disk.open(catalog.path(file), Disk.Mode.CREATE_NEW);
  }

  private void closeCurrent() throws IOException {
    LogAppender open = appender;
    if (open == null) {
      if (!current.equals(BinlogFileId.NONE)) {
        throw new StoreRejection(
            WriterFailure.Kind.POSITION_MISMATCH,
            "start of file: unexpected (expected: discardIncomplete first)");
      }
      return;
    }
    if (follower.format() == null || open.insideEvent()) {
      throw new StoreRejection(
          WriterFailure.Kind.BAD_EVENT,
          "end of " + current + ": not behind an event (expected: whole events)");
    }
    open.markInUse(false);
    open.file().force(true);
    if (open.end() > open.boundary() && open.boundary() > 0) {
      LOGGER
          .atWarn()
          .addKeyValue("file", current)
          .log("file of the master ends inside a group, kept as it is");
    }
    closedBefore.add(new StoredFile(current, open.end()));
    abandon();
  }

  /** Writes what is complete; returns whether there was anything. */
  boolean flush() throws IOException {
    LogAppender open = appender;
    if (open == null) {
      return false;
    }
    if (!markedInUse && open.hasUnwritten()) {
      open.markInUse(true);
      markedInUse = true;
    }
    boolean wrote = open.flush();
    GtidState reach = goal;
    if (reach != null && !gapChecked && open.boundary() > 0) {
      checkGap(reach, open.boundary());
      gapChecked = true;
    }
    if (wrote && follower.terminated() && !open.insideEvent()) {
      open.markInUse(false);
      markedInUse = false;
    }
    return wrote || open.boundary() > visibleInCurrent();
  }

  private long visibleInCurrent() {
    return current.equals(watermark.file()) ? watermark.offset() : 0;
  }

  /** Forces the current file to disk. */
  void force() throws IOException {
    LogAppender open = appender;
    if (open != null) {
      open.file().force(false);
      synced = open.boundary();
    }
  }

  /** Tells whether whole transactions were written that are not forced to disk. */
  boolean needsForce() {
    LogAppender open = appender;
    return open != null && open.boundary() > synced;
  }

  /**
   * Moves the watermark to the newest boundary.
   *
   * @param synced whether everything written is on disk
   * @return the new watermark, null if it did not move
   */
  @Nullable Watermark publish(boolean synced) {
    LogAppender open = appender;
    if (open == null || (serveSynced && !synced) || open.boundary() <= visibleInCurrent()) {
      return null;
    }
    if (goal != null && !entersEpoch()) {
      return null;
    }
    goal = null;
    Watermark next =
        new Watermark(
            watermark.version() + 1,
            current,
            open.boundary(),
            follower.state(),
            open.boundaryTimestamp(),
            clock.millis());
    List<StoredFile> closed = List.copyOf(closedBefore);
    closedBefore.clear();
    List<LogAppender.Run> runs = open.takeRuns();
    watermark = next;
    publisher.publish(next, closed, runs);
    return next;
  }

  /** Lets go of the current file without writing; what is visible stays. */
  void abandon() {
    LogAppender open = appender;
    appender = null;
    if (open != null) {
      open.release();
      try {
        open.file().close();
      } catch (IOException e) {
        LOGGER
            .atWarn()
            .setCause(e)
            .addKeyValue("file", current)
            .log("closing a binlog file failed");
      }
    }
  }

  /**
   * The end: what is written stays, an incomplete transaction is dropped when the store is opened
   * again.
   */
  void close() {
    abandon();
  }
}

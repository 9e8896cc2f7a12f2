package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.sluice.binlog.disk.Disk;
import io.sluice.binlog.form.GrowingFile;
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

    /**
     * Tells runs of whole events of a transaction that is not whole, then up to where they are
     * visible. Owns the runs' buffers.
     */
    void open(BinlogFileId file, long end, List<LogAppender.Run> runs);

    /**
     * What lies behind a watermark is not proven to be on the disk and will be written again: takes
     * it out of sight. When this returns nobody reads it any more.
     *
     * @return the files that are out of sight now and were complete
     */
    List<StoredFile> retreat(Watermark proven);
  }

  /**
   * What may become visible at once.
   *
   * @param mark up to where
   * @param closed files that are complete since the last one
   * @param runs the events, as far as they are in memory
   */
  record Cut(Watermark mark, List<StoredFile> closed, List<LogAppender.Run> runs) {}

  private final Disk disk;
  private final GrowingFiles growing;
  private final FileCatalog catalog;
  private final Publisher publisher;
  private final Clock clock;
  private final StoreFolder folder;
  private final FileFollower follower = new FileFollower();

  /** Up to where everything is visible. */
  private Watermark watermark;

  /** The end of the last cut: visible, or about to be. */
  private Watermark written;

  private BinlogFileId current;
  private @Nullable LogAppender appender;
  private final List<StoredFile> closedBefore = new ArrayList<>();
  private int epoch;

  /** While an epoch is invisible: the state that it must reach. */
  private @Nullable GtidState goal;

  /** Behind the watermark: up to where a transaction that is not whole is visible. */
  private long openEnd;

  private boolean gapChecked;

  /** Up to where a force in the current file has begun. */
  private long forcing;

  private boolean markedInUse;

  ActiveLog(Disk disk, FileCatalog catalog, Publisher publisher, Clock clock, Watermark recovered) {
    this.disk = disk;
    this.growing = new GrowingFiles(disk, catalog);
    this.catalog = catalog;
    this.publisher = publisher;
    this.clock = clock;
    this.folder = new StoreFolder(disk, catalog);
    this.epoch = Math.max(1, recovered.file().epoch());
    this.watermark = recovered;
    this.written = recovered;
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

  /**
   * Goes back to the last whole transaction that is visible.
   *
   * @param proven not null if what was written behind it cannot be relied on: then it is taken back
   *     even if it was visible
   */
  ResumePoint discardIncomplete(@Nullable Watermark proven) throws IOException {
    abandon();
    hideOpen();
    if (proven != null) {
      takeBack(proven);
    }
    removeInvisible();
    written = watermark;
    current = watermark.file();
    forcing = watermark.offset();
    if (watermark.isEmpty()) {
      follower.reset(watermark.state(), 0);
      follower.require(null);
      return ResumePoint.EMPTY;
    }
    catalog.sidecars().drop(current);
    FileHead head = catalog.head(current, watermark.offset());
    GrowingFile file = growing.reopen(current);
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
      forced(() -> file.force(true));
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

  private boolean isAt(Watermark mark) {
    return mark.file().equals(watermark.file()) && mark.offset() == watermark.offset();
  }

  /**
   * Only what is proven stays visible; what is behind it is removed on the way back. Memory only.
   */
  void takeBack(Watermark proven) {
    Watermark seen = watermark;
    if (isAt(proven)) {
      return;
    }
    Watermark end = proven.again(seen.version() + 1, clock.millis());
    LOGGER
        .atWarn()
        .addKeyValue("file", seen.file())
        .addKeyValue("offset", seen.offset())
        .addKeyValue("proven", proven.file())
        .addKeyValue("provenOffset", proven.offset())
        .log("transactions that could not be forced to disk are fetched again");
    List<StoredFile> behind = new ArrayList<>(publisher.retreat(end));
    behind.add(new StoredFile(seen.file(), seen.offset()));
    watermark = end;
    written = end;
    closedBefore.addAll(0, behind);
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
  ResumePoint beginEpoch(String why, @Nullable Watermark proven) throws IOException {
    ResumePoint end = discardIncomplete(proven);
    LogAppender open = appender;
    if (end.isEmpty() || open == null) {
      return end;
    }
    open.endFile();
    forced(() -> open.file().force(true));
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
    forcing = 0;
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

  /** Finds out whether the disk takes bytes. */
  void probe() throws IOException {
    DiskProbe.run(disk, catalog.directory());
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

  /** Ends the current file: when this returns it is on the disk, and another one may follow it. */
  void endFile(String name) throws IOException {
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
  }

  /** Creates the file that follows the one that was ended. */
  void startFile(String name) throws IOException {
    BinlogFileId next = new BinlogFileId(epoch, name);
    Path directory = catalog.epochDirectory(epoch);
    if (current.equals(BinlogFileId.NONE)) {
      disk.createDirectories(directory);
      Path parent = directory.getParent();
      if (parent != null) {
        disk.syncDirectory(parent);
      }
    }
    GrowingFile file = create(next);
    current = next;
    forcing = 0;
    appender = new LogAppender(file, follower, catalog.index(next), BinlogFileFormat.FIRST_EVENT);
    follower.startFile();
    markedInUse = true;
    file.append(ByteBuffer.wrap(BinlogFileFormat.magic()), 0);
    disk.syncDirectory(directory);
  }

  private GrowingFile create(BinlogFileId file) throws IOException {
    return growing.create(file);
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
    open.endFile();
    forced(() -> open.file().force(true));
    if (open.end() > open.boundary() && open.boundary() > 0) {
      LOGGER
          .atWarn()
          .addKeyValue("file", current)
          .log("file of the master ends inside a group, kept as it is");
    }
    catalog.sidecars().written(current, open.sidecar());
    closedBefore.add(new StoredFile(current, open.end()));
    abandon();
  }

  /** Writes what is complete. */
  void flush() throws IOException {
    LogAppender open = appender;
    if (open == null) {
      return;
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
  }

  /** Forces the current file to disk. */
  void force() throws IOException {
    if (appender != null) {
      force(appender).run();
    }
  }

  /** Begins a force of all that was written; null if no file is open. To be run on any thread. */
  LogSync.@Nullable Force beginForce() {
    LogAppender open = appender;
    return open == null ? null : force(open);
  }

  private LogSync.Force force(LogAppender open) {
    forcing = open.boundary();
    GrowingFile file = open.file();
    return () -> forced(() -> file.force(false));
  }

  private static void forced(LogSync.Force force) throws IOException {
    try {
      force.run();
    } catch (IOException | RuntimeException e) {
      throw new ForceFailedException(e);
    }
  }

  /** Tells whether whole transactions were written since the last force began. */
  boolean needsForce() {
    LogAppender open = appender;
    return open != null && open.boundary() > forcing;
  }

  /** Takes what was written up to the newest boundary; null if there is nothing new. */
  @Nullable Cut cut() {
    LogAppender open = appender;
    long before = current.equals(written.file()) ? written.offset() : 0;
    if (open == null || open.boundary() <= before || (goal != null && !entersEpoch())) {
      return null;
    }
    Watermark next =
        new Watermark(
            written.version() + 1,
            current,
            open.boundary(),
            follower.state(),
            open.boundaryTimestamp(),
            clock.millis());
    Cut cut = new Cut(next, List.copyOf(closedBefore), open.takeRuns());
    closedBefore.clear();
    written = next;
    return cut;
  }

  /** Makes a cut visible; the newest one. */
  void publish(Cut cut) {
    goal = null;
    watermark = cut.mark();
    openEnd = 0;
    publisher.publish(cut.mark(), cut.closed(), cut.runs());
  }

  /** Makes the whole events visible that stand behind the last transaction. */
  void publishOpen() {
    LogAppender open = appender;
    if (open == null || goal != null || !current.equals(watermark.file())) {
      return;
    }
    long end = open.wholeEnd();
    if (end > Math.max(openEnd, watermark.offset())) {
      openEnd = end;
      publisher.open(current, end, open.takeWholeRuns());
    }
  }

  /** Takes the visible part of a transaction that is not whole out of sight. Memory only. */
  void hideOpen() {
    Watermark seen = watermark;
    if (openEnd > seen.offset()) {
      Watermark end = seen.again(seen.version() + 1, clock.millis());
      publisher.retreat(end);
      watermark = end;
      written = end;
    }
    openEnd = 0;
  }

  /** Gives a cut up that was not published. */
  void drop(Cut cut) {
    cut.runs().forEach(run -> run.data().release());
    closedBefore.addAll(0, cut.closed());
    written = watermark;
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

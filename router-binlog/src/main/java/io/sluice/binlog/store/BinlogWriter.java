package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The intake of a store.
 *
 * <ol>
 *   <li>Commands come from one thread at a time (the master link's event loop), keep their order
 *       and never block.
 *   <li>Call {@link #discardIncomplete} before each connection to the master: it tells where the
 *       master has to go on. Then, for each file that the store does not have, {@link #startFile},
 *       and the file's bytes by {@link #append} from position 4 on.
 *   <li>The caller has verified checksums and positions and left out what a master makes up
 *       (artificial events, heartbeats) and what is stored already.
 *   <li>After a failure everything is dropped until {@link #discardIncomplete}. What was visible
 *       stays visible.
 * </ol>
 */
public interface BinlogWriter {
  /** Sets the listener; once, before the first command. */
  void listener(WriterListener listener);

  /**
   * Drops what stands behind the last whole transaction and clears a failure.
   *
   * @return where the master has to go on; completes on the writer's thread, exceptionally ({@link
   *     WriterFailedException}) if the store cannot be written
   */
  CompletableFuture<ResumePoint> discardIncomplete();

  /**
   * Drops what stands behind the last whole transaction, like {@link #discardIncomplete}, and
   * begins a new epoch: the history of another master, which goes on where the visible log ends.
   *
   * <ol>
   *   <li>The new master's files are given whole, from position 4 on, beginning with one whose
   *       GTID_LIST lies at or before the end of the visible log. A file that begins behind it is a
   *       failure ({@link WriterFailure.Kind#EPOCH_GAP}): there would be a gap.
   *   <li>Nothing of the new epoch is visible until it contains every id of the visible log's GTID
   *       position. Then it is forced to disk and becomes visible at once: {@link
   *       WriterListener#onPublished} tells a watermark in a file of the new epoch.
   *   <li>Before that, {@link #discardIncomplete} gives the new epoch up: its files are removed and
   *       the old one goes on. So does a crash. After that, it is like any other epoch.
   * </ol>
   *
   * @param why for the log: what the administrator wanted
   * @return no file, offset 0 and the state that the new epoch has to reach; {@link
   *     ResumePoint#EMPTY} in an empty store, which needs no other epoch. Fails like {@link
   *     #discardIncomplete}
   */
  CompletableFuture<ResumePoint> beginEpoch(String why);

  /**
   * Ends the current file and begins another one; the next append has position 4. The file becomes
   * visible when its FORMAT_DESCRIPTION and the event behind it are stored. A group left open in
   * the file before stays there, as in the master's file.
   *
   * @param name the master's base name; its number must be higher than that of the epoch's current
   *     file
   */
  void startFile(String name);

  /**
   * Appends bytes of events, cut anywhere. Giant events may come in many pieces.
   *
   * @param position file offset of the first byte; must be the end of the file, anything else is a
   *     failure
   * @param bytes ownership passes to the writer, whatever the outcome
   * @return false if the queue is full: stop until {@link WriterListener#onQueueDrained}. The bytes
   *     are taken all the same.
   */
  boolean append(long position, ByteBuf bytes);

  /** The last watermark that is on the disk. Any thread. */
  Watermark durable();

  /** Why nothing can be written at the moment, null if it can. Any thread. */
  default @Nullable IntakeAlarm alarm() {
    return null;
  }
}

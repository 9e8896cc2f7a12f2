package io.sluice.binlog.store;

/**
 * What the writer tells its producer.
 *
 * <ol>
 *   <li>All methods run on the writer's thread, {@link #onDurable} mostly on that of the forces: do
 *       no work there, hop to your own.
 *   <li>{@link #onFailure} comes once per failure; until {@link BinlogWriter#discardIncomplete}
 *       everything appended is dropped.
 *   <li>Exceptions are logged and otherwise ignored.
 * </ol>
 */
public interface WriterListener {
  /** Whole transactions became visible. */
  default void onPublished(Watermark watermark) {}

  /** Everything up to this watermark is on the disk. */
  default void onDurable(Watermark watermark) {}

  /** Intake stopped; serving goes on. */
  default void onFailure(WriterFailure failure) {}

  /** After {@link BinlogWriter#append} answered false: there is room again. */
  default void onQueueDrained() {}
}

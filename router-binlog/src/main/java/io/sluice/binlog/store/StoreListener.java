package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;

/** What a store tells its readers, on the writer's thread. */
public interface StoreListener {
  /**
   * Whole events that are about to become visible; {@link #onPublished} follows. Not all bytes come
   * this way (giant events and very large transactions do not).
   *
   * @param position file offset of the first byte
   * @param data the events, in-use flag cleared; ownership passes to the listener
   * @param offsets start of each event in data, and behind the last one the length
   */
  void onEvents(BinlogFileId file, long position, ByteBuf data, int[] offsets);

  /** The watermark has moved. */
  void onPublished(Watermark watermark);

  /**
   * What lies behind this watermark is no longer visible: it could not be forced to disk, and the
   * same bytes will come again.
   */
  default void onRetreat(Watermark proven) {}

  /** The store is closed; on the closing thread. */
  void onClosed();
}

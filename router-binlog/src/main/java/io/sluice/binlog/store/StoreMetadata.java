package io.sluice.binlog.store;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A small durable set of strings beside the log, such as the master's cached answers. Any thread;
 * reads come from memory.
 */
public interface StoreMetadata {
  /** A value, or null. */
  @Nullable String get(String key);

  /** All values, a copy. */
  Map<String, String> all();

  /**
   * Sets values; null removes a key. Visible to readers at once, on disk (all of them or none) when
   * the future completes.
   *
   * @return completes on an I/O thread
   */
  CompletableFuture<Void> update(Map<String, @Nullable String> changes);
}

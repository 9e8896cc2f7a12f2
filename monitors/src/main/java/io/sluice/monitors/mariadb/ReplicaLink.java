package io.sluice.monitors.mariadb;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One source that a server replicates from, as it tells itself. Immutable.
 *
 * @param name of the replication connection, often empty
 * @param host of the source
 * @param port of the source
 * @param sourceId the source's server id, 0 when unknown
 * @param io what the IO thread does
 * @param sqlRunning whether events are applied
 * @param lag how far it is behind; null when it cannot tell
 * @param error the last error of either thread, empty without one
 */
record ReplicaLink(
    String name,
    String host,
    int port,
    long sourceId,
    IoState io,
    boolean sqlRunning,
    @Nullable Duration lag,
    String error) {

  /** What an IO thread does. */
  enum IoState {
    /** Receives events. */
    RUNNING,
    /** Looks for its source. */
    CONNECTING,
    /** Has stopped. */
    STOPPED;

    /** Reads the word of the status column. */
    static IoState of(@Nullable String word) {
      if (word == null) {
        return STOPPED;
      }
      return switch (word) {
        case "Yes" -> RUNNING;
        case "Connecting", "Preparing" -> CONNECTING;
        default -> STOPPED;
      };
    }
  }
}

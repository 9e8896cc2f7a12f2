package io.sluice.core.service;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Sizes and times of the engine. Immutable.
 *
 * @param dataDir the root of all data directories
 * @param threads event loops; 0 for one for each processor
 * @param blockingThreads threads for work that blocks, at most
 * @param connectTimeout how long a connection to a server may take
 * @param loginTimeout how long a login may take, on either side
 */
public record EngineSettings(
    Path dataDir,
    int threads,
    int blockingThreads,
    Duration connectTimeout,
    Duration loginTimeout) {

  /** The usual values. */
  public static EngineSettings defaults(Path dataDir) {
    return new EngineSettings(dataDir, 0, 32, Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /** With another number of event loops. */
  public EngineSettings withThreads(int value) {
    return new EngineSettings(dataDir, value, blockingThreads, connectTimeout, loginTimeout);
  }

  /** With another limit for connecting. */
  public EngineSettings withConnectTimeout(Duration value) {
    return new EngineSettings(dataDir, threads, blockingThreads, value, loginTimeout);
  }

  /** With another limit for logins. */
  public EngineSettings withLoginTimeout(Duration value) {
    return new EngineSettings(dataDir, threads, blockingThreads, connectTimeout, value);
  }
}

package io.sluice.binlog.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the {@link IntakeAlarm} when the store cannot be written, however often that is tried, and
 * ends it when what was missing is stored. Each is one line in the log. Confined to the writer's
 * thread, but for {@link #alarm}.
 */
final class IntakeWatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(IntakeWatch.class);

  private final Clock clock;
  private final Runnable onEnd;
  private volatile @Nullable IntakeAlarm alarm;

  /** Whether something that came from the master could not be stored. */
  private boolean missing;

  /** What was stored when it began. */
  private long version;

  /**
   * Watches.
   *
   * @param onEnd runs when the store can be written again
   */
  IntakeWatch(Clock clock, Runnable onEnd) {
    this.clock = clock;
    this.onEnd = onEnd;
  }

  /** What is wrong at the moment, null if nothing is. Any thread. */
  @Nullable IntakeAlarm alarm() {
    return alarm;
  }

  /**
   * The store could not be written.
   *
   * @param lost whether bytes of the master were lost with that
   * @param stored the end of the log
   */
  void raise(WriterFailure failure, boolean lost, Watermark stored) {
    IntakeAlarm known = alarm;
    Instant since = known == null ? clock.instant() : known.since();
    alarm = new IntakeAlarm(failure.kind(), failure.message(), since);
    missing |= lost;
    version = stored.version();
    if (known == null) {
      LOGGER
          .atError()
          .addKeyValue("kind", failure.kind())
          .addKeyValue("reason", failure.message())
          .setCause(failure.cause())
          .log("binlog intake pauses: the store cannot be written");
    }
  }

  /** The log goes on at this end, and the disk takes bytes. */
  void canGoOn(Watermark stored) {
    version = stored.version();
    if (!missing) {
      end();
    }
  }

  /** Everything up to here is stored as well as it is wanted. */
  void onStored(Watermark stored) {
    if (stored.version() > version) {
      end();
    }
  }

  private void end() {
    IntakeAlarm ended = alarm;
    if (ended == null) {
      return;
    }
    alarm = null;
    missing = false;
    LOGGER
        .atWarn()
        .addKeyValue("reason", ended.message())
        .addKeyValue("paused", Duration.between(ended.since(), clock.instant()))
        .log("binlog intake goes on: the store can be written again");
    onEnd.run();
  }
}

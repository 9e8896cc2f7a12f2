package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.PurgeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one round found and did. Immutable.
 *
 * @param plan what was to go
 * @param diskBytes what the log took on disk before
 * @param freeBytes what the disk had left before
 * @param oldestEvent seconds since 1970 of the last event of the oldest file; 0 if that is unknown
 * @param at when; {@link Instant#EPOCH} for not yet
 * @param readers who was reading the file at which the purge had to stop, known or not
 * @param problem why it could not be done; empty if it could
 * @param heldSince since when files are held; {@link Instant#EPOCH} if none is
 * @param told whose holding was logged
 */
record RetentionRound(
    RetentionPlan plan,
    long diskBytes,
    long freeBytes,
    long oldestEvent,
    Instant at,
    List<String> readers,
    String problem,
    Instant heldSince,
    List<String> told) {
  private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

  /** Replicas that follow hold a file for a moment: who does it longer is worth a line. */
  private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

  static final RetentionRound NONE =
      new RetentionRound(
          RetentionPlan.NOTHING, 0, 0, 0, Instant.EPOCH, List.of(), "", Instant.EPOCH, List.of());

  static RetentionRound of(
      RetentionPolicy.Log log, RetentionPlan plan, Instant at, RetentionRound before) {
    FileFacts oldest = log.closed().isEmpty() ? log.newest() : log.closed().get(0);
    boolean held = !plan.holders().isEmpty();
    boolean newly = before.heldSince.equals(Instant.EPOCH);
    return new RetentionRound(
        plan,
        log.bytes(),
        log.freeBytes(),
        oldest.lastEvent(),
        at,
        List.of(),
        "",
        held ? (newly ? at : before.heldSince) : Instant.EPOCH,
        held ? before.told : List.of());
  }

  RetentionRound purged(PurgeResult result) {
    boolean stopped = !result.stoppedAt().equals(BinlogFileId.NONE);
    return with(stopped ? result.readers() : List.of(), problem, told);
  }

  private RetentionRound with(List<String> reading, String wrong, List<String> logged) {
    return new RetentionRound(
        plan, diskBytes, freeBytes, oldestEvent, at, reading, wrong, heldSince, logged);
  }

  RetentionRound failed(String why) {
    return with(readers, why, told);
  }

  /** Logs what is new since the last time. */
  RetentionRound telling() {
    for (Need need : plan.strands()) {
      LOGGER
          .atError()
          .addKeyValue("replica", need.who())
          .addKeyValue("file", need.file())
          .log("retention-hard-size takes binlog files that a replica needs");
    }
    List<String> names = plan.holders().stream().map(Need::who).toList();
    boolean lasts = Duration.between(heldSince, at).compareTo(WORTH_TELLING) >= 0;
    if (names.isEmpty() || !lasts || names.equals(told)) {
      return this;
    }
    LOGGER
        .atWarn()
        .addKeyValue("files", plan.held())
        .addKeyValue("bytes", plan.heldBytes())
        .addKeyValue("limit", plan.why())
        .addKeyValue("replicas", names)
        .log("retention keeps binlog files beyond the limit because replicas need them");
    return with(readers, problem, names);
  }
}

package io.sluice.binlog.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What administrators see of retention. Stateless. */
final class RetentionDetails {
  private RetentionDetails() {}

  static Map<String, Object> of(Retention retention, Clock clock) {
    RetentionRound round = retention.last();
    RetentionPlan plan = round.plan();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("limits", limits(retention.options()));
    map.put("disk_bytes", round.diskBytes());
    map.put("free_bytes", round.freeBytes());
    map.put(
        "oldest_time",
        round.oldestEvent() == 0 ? "" : Instant.ofEpochSecond(round.oldestEvent()).toString());
    map.put("exceeded", plan.why());
    map.put("held_files", plan.held());
    map.put("held_bytes", plan.heldBytes());
    map.put("would_strand", plan.holders().stream().map(Need::describe).toList());
    map.put("read_by", round.readers());
    map.put("purged_files", retention.purgedFiles());
    map.put("purged_bytes", retention.purgedBytes());
    map.put("stranded_replicas", retention.strandedReplicas());
    map.put("problem", round.problem());
    map.put(
        "seconds_since_last_round",
        round.at().equals(Instant.EPOCH)
            ? ""
            : Math.max(0, Duration.between(round.at(), clock.instant()).toSeconds()));
    return map;
  }

  private static String limits(RetentionOptions options) {
    List<String> texts = new ArrayList<>();
    if (!options.time().isZero()) {
      texts.add("time " + options.time().toSeconds() + "s");
    }
    if (options.size() > 0) {
      texts.add("size " + options.size());
    }
    if (options.files() > 0) {
      texts.add("files " + options.files());
    }
    if (options.free() > 0) {
      texts.add("free " + options.free());
    }
    if (options.hardSize() > 0) {
      texts.add("hard-size " + options.hardSize());
    }
    return texts.isEmpty() ? "none" : String.join(", ", texts);
  }
}

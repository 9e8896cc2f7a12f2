package io.sluice.binlog.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What recovery has to tell: each thing once in the log, and all in the report. */
final class RecoveryFindings {
  private static final Logger LOGGER = LoggerFactory.getLogger(RecoveryFindings.class);

  private final List<String> removed = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<BinlogFileId> damaged = new HashSet<>();

  /** Something is wrong that recovery leaves as it is. */
  void problem(String what) {
    problems.add(what);
    LOGGER.atError().addKeyValue("problem", what).log("binlog store is damaged");
  }

  /** An older file is damaged, and stays as it is; what was said first counts. */
  void damaged(BinlogFileId file, String how) {
    if (damaged.add(file)) {
      problem("binlog file " + file + " is damaged: " + how);
    }
  }

  /** A file is not the store's. */
  void ignored(Path path) {
    ignored.add(path.getFileName().toString());
    LOGGER.atWarn().addKeyValue("file", path).log("not a file of this binlog store, ignored");
  }

  /** A newest file goes, and whoever removes it has told why. */
  void removed(BinlogFileId file) {
    removed.add(file.name());
  }

  /** The newest file loses what is behind its last whole transaction. */
  void cut(RecoveredTail tail) {
    LOGGER
        .atWarn()
        .addKeyValue("file", tail.file())
        .addKeyValue("kept", tail.safeEnd())
        .addKeyValue("dropped", tail.size() - tail.safeEnd())
        .addKeyValue("reason", tail.reason())
        .log("binlog file was cut behind its last whole transaction");
  }

  /** All of it. */
  RecoveryReport report(@Nullable RecoveredTail tail) {
    if (tail == null) {
      return new RecoveryReport(BinlogFileId.NONE, 0, 0, 0, "", removed, ignored, problems);
    }
    return new RecoveryReport(
        tail.file(),
        tail.safeEnd(),
        tail.size() - tail.safeEnd(),
        tail.dropped(),
        tail.reason(),
        removed,
        ignored,
        problems);
  }
}

package io.sluice.binlog.retention;

import io.sluice.binlog.store.BinlogFileId;
import java.util.List;

/**
 * Which of the oldest files go: as long as any limit is exceeded the oldest one, unless somebody
 * needs it; over that only the hard limit goes. The newest file never goes. Computes only.
 *
 * @param options the limits
 * @param archives whether closed files leave the disk by themselves: then missing space is a reason
 *     to hurry that, not to purge
 */
record RetentionPolicy(RetentionOptions options, boolean archives) {

  /**
   * What there is.
   *
   * @param closed the files that do not grow, oldest first
   * @param newest the one that grows
   * @param freeBytes what the disk has left
   * @param now seconds since 1970
   */
  record Log(List<FileFacts> closed, FileFacts newest, long freeBytes, long now) {
    long bytes() {
      return newest.bytes() + bytes(0, closed.size());
    }

    long bytes(int from, int to) {
      return closed.subList(from, to).stream().mapToLong(FileFacts::bytes).sum();
    }

    /** The oldest file that stays if so many go. */
    BinlogFileId behind(int count) {
      return count == closed.size() ? newest.id() : closed.get(count).id();
    }

    /** How many files are before one. */
    int before(BinlogFileId file) {
      int count = 0;
      while (count < closed.size() && closed.get(count).id().compareTo(file) < 0) {
        count++;
      }
      return count;
    }
  }

  RetentionPlan plan(Log log, List<Need> needs) {
    int wanted = 0;
    String why = "";
    Limits left = new Limits(log);
    while (wanted < log.closed().size()) {
      String reason = left.exceeded(log.closed().get(wanted));
      if (reason.isEmpty()) {
        break;
      }
      why = why.isEmpty() ? reason : why;
      left.without(log.closed().get(wanted));
      wanted++;
    }
    int hard = hard(log);
    wanted = Math.max(wanted, hard);
    // Who needs a file that is gone already is not helped by keeping others.
    List<Need> current = needs.stream().filter(need -> isHere(need, log)).toList();
    int needed =
        current.stream()
            .mapToInt(need -> log.before(need.file()))
            // Nor is one whom the hard limit strands.
            .filter(before -> before >= hard)
            .min()
            .orElse(wanted);
    int goes = Math.min(wanted, needed);
    return new RetentionPlan(
        goes == 0 ? BinlogFileId.NONE : log.behind(goes),
        hard == 0 ? BinlogFileId.NONE : log.behind(hard),
        goes,
        log.bytes(0, goes),
        wanted - goes,
        log.bytes(goes, wanted),
        between(current, log, goes, wanted),
        between(current, log, 0, goes),
        why.isEmpty() && hard > 0 ? "hard-size" : why);
  }

  private static boolean isHere(Need need, Log log) {
    return need.file().compareTo(log.behind(0)) >= 0;
  }

  /** Who needs one of some files. */
  private static List<Need> between(List<Need> needs, Log log, int from, int to) {
    return needs.stream()
        .filter(need -> log.before(need.file()) >= from && log.before(need.file()) < to)
        .toList();
  }

  private int hard(Log log) {
    int count = 0;
    long bytes = log.bytes();
    while (options.hardSize() > 0 && bytes > options.hardSize() && count < log.closed().size()) {
      bytes -= log.closed().get(count).bytes();
      count++;
    }
    return count;
  }

  /** What is left while oldest files are thought away. */
  private final class Limits {
    private final long now;
    private int files;
    private long bytes;
    private long free;

    Limits(Log log) {
      this.now = log.now();
      this.files = log.closed().size() + 1;
      this.bytes = log.bytes();
      this.free = log.freeBytes();
    }

    /** Why the oldest file is to go; empty if it may stay. */
    String exceeded(FileFacts oldest) {
      if (options.files() > 0 && files > options.files()) {
        return "files";
      }
      if (options.size() > 0 && bytes > options.size()) {
        return "size";
      }
      if (!archives && free < options.free()) {
        return "free";
      }
      long kept = options.time().toSeconds();
      boolean old = oldest.lastEvent() != 0 && now - oldest.lastEvent() > kept;
      return !options.time().isZero() && old ? "time" : "";
    }

    void without(FileFacts oldest) {
      files--;
      bytes -= oldest.bytes();
      free += oldest.bytes();
    }
  }
}

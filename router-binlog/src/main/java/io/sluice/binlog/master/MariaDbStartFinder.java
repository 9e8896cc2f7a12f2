package io.sluice.binlog.master;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.result.ResultSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the dialogue with a MariaDB master that finds where the stream begins: where the
 * store ends if the master's history is the one that is stored; at a file that holds the end of
 * ours if it is another one that may follow; at the start that was wished for if nothing is stored.
 * Anything else is refused. Confined to the loop of the connection.
 */
final class MariaDbStartFinder {
  private static final long MAX_DUMP_POSITION = 0xffffffffL;

  /** Why the list of files is asked for. */
  private enum Purpose {
    START,
    EXPLAIN,
    EPOCH
  }

  private final StartPoint start;
  private final boolean mayBeginEpoch;
  private final ResumePoint resume;
  private final MariaDbBinlogState ours;
  private final long resumeAt;
  private final Conversation talk;
  private Purpose purpose = Purpose.START;
  private List<String> files = List.of();
  private int candidate;
  private String difference = "";

  /**
   * Asks nothing yet.
   *
   * @param start where an empty store begins
   * @param mayBeginEpoch whether another history may follow the stored one
   * @param resume what the store has
   * @param resumeAt where to begin when the histories agree, at or before the end of the store
   */
  MariaDbStartFinder(
      StartPoint start,
      boolean mayBeginEpoch,
      ResumePoint resume,
      long resumeAt,
      Conversation talk) {
    this.resumeAt = resumeAt;
    this.start = start;
    this.mayBeginEpoch = mayBeginEpoch;
    this.resume = resume;
    this.ours = MariaDbBinlogState.of(resume.state());
    this.talk = talk;
  }

  /**
   * Begins.
   *
   * @param serverId of the master
   */
  void begin(String serverId) {
    if (resume.isEmpty()) {
      switch (start.kind()) {
        case FIRST -> talk.found("", BinlogFileFormat.FIRST_EVENT, false);
        case FILE ->
            talk.found(((StartPoint.File) start).name(), BinlogFileFormat.FIRST_EVENT, false);
        case LATEST, GTID -> askFiles(Purpose.START);
        case GTID_SET ->
            talk.refused(
                LinkFailure.fatal(
                    "start: "
                        + start.text()
                        + " (expected: a GTID position of MariaDB, as the master is)"));
      }
      return;
    }
    FormatDescription stored = resume.formatDescription();
    if (mayBeginEpoch && stored != null && !Long.toString(stored.serverId()).equals(serverId)) {
      // Same names, positions and GTIDs prove nothing when the one is a replica of the other.
      another("the master's server id is " + serverId + ", ours came from " + stored.serverId());
    } else if (resume.offset() > MAX_DUMP_POSITION) {
      // Neither the question nor the dump request can name this place: read the file again from its
      // beginning and compare.
      talk.found(resume.file().name(), BinlogFileFormat.FIRST_EVENT, false);
    } else {
      talk.ask(DialogueStep.VERIFY, gtidPosition(resume.file().name(), resume.offset()));
    }
  }

  private static String gtidPosition(String file, long position) {
    return "SELECT BINLOG_GTID_POS(" + FileChooser.quoted(file) + "," + position + ")";
  }

  private void askFiles(Purpose why) {
    purpose = why;
    talk.ask(DialogueStep.LOGS, "SHOW BINARY LOGS");
  }

  /** The open question was answered. */
  void onResult(DialogueStep step, ResultSet result) {
    String single = result.isEmpty() || result.columns().isEmpty() ? null : result.value(0, 0);
    try {
      switch (step) {
        case VERIFY -> onVerify(single);
        case BINLOG_STATE -> onBinlogState(single == null ? "" : single);
        case LOGS -> onFiles(result);
        case FILE_START -> onFileStart(single);
        default -> throw new IllegalStateException("step: " + step + " (expected: asked here)");
      }
    } catch (GtidFormatException e) {
      talk.refused(LinkFailure.fatal("master GTIDs: '" + single + "': " + e.getMessage()));
    }
  }

  /** Whether an error to the open question was dealt with. */
  boolean onError(DialogueStep step, ReplyError error) {
    if (step == DialogueStep.LOGS && purpose == Purpose.EXPLAIN) {
      talk.refused(LinkFailure.fatal(difference + ": its history is not ours"));
      return true;
    }
    return false;
  }

  private void onVerify(@Nullable String position) {
    MariaDbGtidList end = ours.position();
    String place = resume.file().name() + " at " + resume.offset();
    if (position == null) {
      another(
          "the master has no event that begins in "
              + place
              + ", where our store (GTID "
              + end
              + ") ends");
      return;
    }
    MariaDbGtidList theirs = MariaDbGtidList.parse(position);
    if (theirs.equals(end)) {
      talk.found(resume.file().name(), resumeAt, false);
    } else {
      another(
          "the master's GTID position in " + place + " is '" + theirs + "', ours is '" + end + "'");
    }
  }

  /**
   * The histories differ: may the other one follow? If not, look at the master's files to say more.
   */
  private void another(String what) {
    difference = what;
    if (mayBeginEpoch) {
      talk.ask(DialogueStep.BINLOG_STATE, "SELECT @@global.gtid_binlog_state");
    } else {
      askFiles(Purpose.EXPLAIN);
    }
  }

  /** What a replica would be told that asks this master to go on where our store ends. */
  private void onBinlogState(String text) {
    MariaDbBinlogState theirs = MariaDbBinlogState.parse(text);
    for (MariaDbGtid needed : ours.position()) {
      MariaDbGtid have = theirs.find(needed.domain(), needed.server());
      if (have != null && have.reaches(needed.sequence())) {
        continue;
      }
      MariaDbGtid last = theirs.last(needed.domain());
      boolean diverged = last != null && last.reaches(needed.sequence());
      talk.refused(
          refused(
              "Error: connecting slave requested to start from GTID "
                  + needed
                  + ", which is not in the master's binlog"
                  + (diverged
                      ? ". Since the master's binlog contains GTIDs with higher sequence numbers, it probably means that the slave has diverged due to executing extra erroneous transactions"
                      : "")));
      return;
    }
    askFiles(Purpose.EPOCH);
  }

  private static LinkFailure refused(String reason) {
    return LinkFailure.ofMaster(LinkFailure.MASTER_FATAL, reason, true);
  }

  private void onFiles(ResultSet result) {
    files = FileChooser.names(result);
    if (purpose == Purpose.EXPLAIN) {
      explain();
    } else if (files.isEmpty()) {
      talk.refused(FileChooser.noFile());
    } else if (purpose == Purpose.START && start.kind() == StartPoint.Kind.LATEST) {
      talk.found(files.get(files.size() - 1), BinlogFileFormat.FIRST_EVENT, false);
    } else {
      candidate = files.size() - 1;
      askFileStart();
    }
  }

  private void explain() {
    String text =
        difference
            + ": its history is not ours (CHANGE MASTER with MASTER_USE_GTID allows another history to"
            + " go on with ours)";
    boolean purged = !files.isEmpty() && !files.contains(resume.file().name());
    talk.refused(
        LinkFailure.fatal(
            purged
                ? text
                    + ", or it purged what we need (its files are "
                    + files.get(0)
                    + " to "
                    + files.get(files.size() - 1)
                    + ")"
                : text));
  }

  private void askFileStart() {
    talk.ask(
        DialogueStep.FILE_START, gtidPosition(files.get(candidate), BinlogFileFormat.FIRST_EVENT));
  }

  private void onFileStart(@Nullable String position) {
    boolean epoch = purpose == Purpose.EPOCH;
    if (position != null && fits(MariaDbGtidList.parse(position), epoch)) {
      talk.found(files.get(candidate), BinlogFileFormat.FIRST_EVENT, epoch);
      return;
    }
    if (candidate > 0) {
      candidate--;
      askFileStart();
    } else if (epoch) {
      talk.refused(
          refused(
              "Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required binlog files have been purged."));
    } else {
      talk.refused(
          LinkFailure.fatal(
              "start: "
                  + ((StartPoint.Gtid) start).position()
                  + " (expected: a position that the master still has; its oldest file "
                  + files.get(0)
                  + " begins behind '"
                  + position
                  + "')"));
    }
  }

  /** Whether nothing is missing when the stream begins with a file that has this before it. */
  private boolean fits(MariaDbGtidList before, boolean epoch) {
    return epoch
        ? covers(ours.position(), before) && isOurs(before)
        : covers(((StartPoint.Gtid) start).position(), before);
  }

  /** Whether somebody who has {@code wanted} misses nothing when a file begins there. */
  private static boolean covers(MariaDbGtidList wanted, MariaDbGtidList before) {
    for (MariaDbGtid gtid : before) {
      MariaDbGtid known = wanted.get(gtid.domain());
      if (known == null || !known.reaches(gtid.sequence())) {
        return false;
      }
    }
    return true;
  }

  /** Whether our history went through all of these. */
  private boolean isOurs(MariaDbGtidList before) {
    for (MariaDbGtid gtid : before) {
      MariaDbGtid known = ours.find(gtid.domain(), gtid.server());
      if (known == null || !known.reaches(gtid.sequence())) {
        return false;
      }
    }
    return true;
  }
}

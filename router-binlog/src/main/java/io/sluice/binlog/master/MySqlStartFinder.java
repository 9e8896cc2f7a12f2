package io.sluice.binlog.master;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.result.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * The part of the dialogue with a MySQL master that finds where the stream begins: where the store
 * ends if that is the master it came from, and the master still has all of it; at a file of another
 * master that holds the end of ours, if one may follow; at the start that was wished for if nothing
 * is stored. Anything else is refused. Confined to the loop of the connection.
 */
final class MySqlStartFinder {
  /** What COM_BINLOG_DUMP can name. */
  static final long MAX_DUMP_POSITION = 0xffffffffL;

  /**
   * Since 5.7 the request for GTID sets may begin within a file; 5.6 then leaves the rest of that
   * file out, without a word.
   */
  private static final int GTID_REQUEST_WITHIN_FILES = 50_700;

  private static final long FIRST = BinlogFileFormat.FIRST_EVENT;

  private final Wishes wishes;
  private final StoredEnd end;
  private final ResumePoint resume;
  private final Conversation talk;
  private final FileChooser chooser;
  private final int version;
  private MySqlGtids theirs = MySqlGtids.NONE;
  private String difference = "";

  /**
   * Asks nothing yet.
   *
   * @param version of the master, as a number
   */
  MySqlStartFinder(Wishes wishes, StoredEnd end, int version, Conversation talk) {
    this.version = version;
    this.wishes = wishes;
    this.end = end;
    this.resume = end.resume();
    this.talk = talk;
    this.chooser = new FileChooser(talk);
  }

  private MySqlGtidSet ours() {
    return MySqlGtidSet.of(resume.state());
  }

  /**
   * Begins.
   *
   * @param uuid of the master
   * @param gtids what it says of its GTIDs
   */
  void begin(String uuid, MySqlGtids gtids) {
    theirs = gtids;
    if (wishes.byGtid() && !gtids.isOn()) {
      talk.refused(
          LinkFailure.fatal(
              "The replication receiver thread cannot start in AUTO_POSITION mode: the source server has GTID_MODE = "
                  + gtids.mode()
                  + " instead of ON."));
    } else if (resume.isEmpty()) {
      beginEmpty();
    } else {
      resume(uuid);
    }
  }

  private void beginEmpty() {
    StartPoint start = wishes.start();
    switch (start.kind()) {
      case FIRST -> talk.found("", FIRST, false);
      case FILE -> talk.found(((StartPoint.File) start).name(), FIRST, false);
      case LATEST -> chooser.latest();
      case GTID ->
          talk.refused(
              LinkFailure.fatal(
                  "start: " + start.text() + " (expected: a GTID set of MySQL, as the master is)"));
      case GTID_SET -> beginAt(((StartPoint.GtidSet) start).executed());
    }
  }

  private void beginAt(MySqlGtidSet executed) {
    MySqlGtidSet purged = theirs.purged().subtract(executed);
    if (purged.isEmpty()) {
      chooser.newestWithin(
          executed,
          file -> talk.found(file, FIRST, false),
          oldest -> talk.refused(tooEarly(executed, oldest)));
    } else {
      talk.refused(tooEarly(executed, purged));
    }
  }

  private static LinkFailure tooEarly(MySqlGtidSet wanted, MySqlGtidSet purged) {
    return LinkFailure.fatal(
        "start: "
            + wanted
            + " (expected: a GTID set behind which the master still has all; it has purged "
            + purged
            + ")");
  }

  private void resume(String uuid) {
    String known = end.sourceUuid();
    MySqlGtidSet missing = ours().subtract(theirs.executed());
    if (!known.isEmpty() && !known.equalsIgnoreCase(uuid)) {
      another("the master's server_uuid is " + uuid + ", our files came from " + known);
    } else if (!missing.isEmpty()) {
      another("the master has not executed '" + missing + "', which our store has");
    } else if (wishes.mayBeginEpoch() && end.resumeAt() <= MAX_DUMP_POSITION) {
      // A new source was asked for: is this one, or still the old one, set back or not?
      talk.ask(
          DialogueStep.VERIFY,
          "SHOW BINLOG EVENTS IN "
              + FileChooser.quoted(resume.file().name())
              + " FROM "
              + end.resumeAt()
              + " LIMIT 1");
    } else {
      goOn();
    }
  }

  private void goOn() {
    boolean nameable =
        end.resumeAt() <= MAX_DUMP_POSITION
            || (theirs.isOn() && version >= GTID_REQUEST_WITHIN_FILES);
    // What no request can name is read again from the beginning of the file, and compared.
    talk.found(resume.file().name(), nameable ? end.resumeAt() : FIRST, false);
  }

  /** The open question was answered. */
  void onResult(DialogueStep step, ResultSet result) {
    try {
      switch (step) {
        case VERIFY -> onVerify(result);
        case LOGS -> chooser.onFiles(result);
        case FILE_START -> chooser.onFileStart(result);
        default -> throw new IllegalStateException("step: " + step + " (expected: asked here)");
      }
    } catch (GtidFormatException e) {
      talk.refused(LinkFailure.fatal("source GTIDs: " + e.getMessage()));
    }
  }

  /** Whether an error to the open question was dealt with. */
  boolean onError(DialogueStep step, ReplyError error) {
    if (step == DialogueStep.VERIFY) {
      another(
          "the master has no event in "
              + resume.file().name()
              + " at "
              + end.resumeAt()
              + ", where our store ends ("
              + error.message()
              + ")");
      return true;
    }
    return step == DialogueStep.LOGS && chooser.onRefusedFiles();
  }

  private void onVerify(ResultSet result) {
    boolean tail = end.tail() != null;
    // Without an event to ask for, only that there is nothing or one that begins here.
    boolean there = !result.isEmpty() && isAt(result, 1, end.resumeAt());
    if (tail ? there && isAt(result, 4, resume.offset()) : there || result.isEmpty()) {
      goOn();
    } else {
      another(
          "the master has no such event as ours in "
              + resume.file().name()
              + " at "
              + end.resumeAt());
    }
  }

  /** Positions in the events themselves have 32 bits. */
  private static boolean isAt(ResultSet result, int column, long position) {
    String value = result.value(0, column);
    return value != null && value.equals(Long.toString(position & MAX_DUMP_POSITION));
  }

  /** The histories differ: may the other one follow? */
  private void another(String what) {
    difference = what;
    if (!wishes.mayBeginEpoch()) {
      chooser.all(
          files -> talk.refused(LinkFailure.fatal(difference + FileChooser.explain(resume, files))),
          () -> talk.refused(LinkFailure.fatal(difference + ": its history is not ours")));
      return;
    }
    LinkFailure obstacle = obstacle();
    if (obstacle == null) {
      chooser.newestWithin(
          ours(),
          file -> talk.found(file, FIRST, true),
          oldest -> talk.refused(purged(oldest.subtract(ours()))));
    } else {
      talk.refused(obstacle);
    }
  }

  /** Why the other history cannot follow ours. */
  private @Nullable LinkFailure obstacle() {
    if (!theirs.isOn()) {
      return LinkFailure.fatal(
          difference
              + ", and it has GTID_MODE = "
              + theirs.mode()
              + ": another source can be followed only by GTID");
    }
    if (ours().isEmpty()) {
      return LinkFailure.fatal(
          difference
              + ", and our store holds no GTIDs: another source can be followed only by GTID");
    }
    MySqlGtidSet missing = ours().subtract(theirs.executed());
    if (!missing.isEmpty()) {
      return LinkFailure.ofMaster(
          LinkFailure.MASTER_FATAL,
          "Replica has more GTIDs than the source has: the source has not executed '"
              + missing
              + "', which our store has",
          true);
    }
    MySqlGtidSet gone = theirs.purged().subtract(ours());
    return gone.isEmpty() ? null : purged(gone);
  }

  private LinkFailure purged(MySqlGtidSet missing) {
    return LinkFailure.ofMaster(
        LinkFailure.MASTER_FATAL,
        "Cannot replicate because the source purged required binary logs: our store ends at '"
            + ours()
            + "', and the missing transactions are '"
            + missing
            + "'",
        true);
  }
}
